"""Pages and endpoints, one package for each audience; all share `shell`."""
