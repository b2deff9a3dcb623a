"""What is claimed, by whom, how well it is shown, and what nobody has said yet."""
