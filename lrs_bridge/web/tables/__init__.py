"""The one table of all pages: an address becomes a checked request, a read model answers, columns say how a row looks.

`columns` says what a table shows, `address` what of it is in the address, `csv_file` writes it for spreadsheets, and
`show` brings the three together. A new list is a `Table` and a read model; nothing here has to change.
"""
