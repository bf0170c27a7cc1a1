"""What rule documents can say, made from the models and tables themselves: a schema for editors, a page for people."""
