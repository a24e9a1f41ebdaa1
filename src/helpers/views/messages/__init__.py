"""What customers and staff are told: letters, notes and messages, and what each stands on."""
