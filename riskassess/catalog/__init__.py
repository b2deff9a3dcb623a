"""What can be bought: vendors, models, offerings, regions, prices, and which source states what."""
