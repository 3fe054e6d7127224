"""The public portal: home page, "kantor mana yang melayani saya?", territories, offices, the map of the city.

Everything here is open to anybody and asks nobody who they are. It combines the reads of territory and offices; it changes nothing.
"""
