"""The commands of `lrs-bridge rules`, one module each; `group` lists them."""
