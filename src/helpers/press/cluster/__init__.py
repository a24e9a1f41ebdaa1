"""Many machines: clients and reports on a store that all reach, and a Dask scheduler's workers."""
