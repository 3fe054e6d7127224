"""Upkeep of offices, officials, hours, RW and RT by those who may."""
