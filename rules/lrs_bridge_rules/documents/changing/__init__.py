"""Changing a document where it changes, and nowhere else: comments, order and layout stay as their author left them."""
