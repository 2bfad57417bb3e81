"""The one app: comments, from the reader's form to the export."""
