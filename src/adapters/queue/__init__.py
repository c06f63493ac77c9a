"""Getting jobs to workers. The database holds them; what travels here is only where to look."""
