"""What the judge's figures and weights are made with. Nothing of the program imports it."""
