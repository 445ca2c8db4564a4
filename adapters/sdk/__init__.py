"""The kit every adapter is made of. Third parties import from the modules of this package and from nowhere else."""
