"""Pure calculations of the offices: the working calendar and the reading of the two city files. No database, no Django."""
