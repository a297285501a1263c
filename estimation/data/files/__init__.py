"""Files of a user: tables, workbooks and descriptions of games, read with line numbers in every complaint."""
