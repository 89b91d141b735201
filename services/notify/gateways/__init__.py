"""Ways to reach a person: each gateway is one file of the same shape behind `gateway.Gateway`."""
