"""Reports of many clients: each in a process of its own, all of them over the same cores."""
