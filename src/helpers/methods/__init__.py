"""What the handbook computes: values in, frozen results out, and nothing else."""
