"""What the tests stand on: real servers, a real browser, and checks that look at the project as a whole."""
