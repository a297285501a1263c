"""Files as software for experiments writes them: oTree, z-Tree, jsPsych, and tables with columns of one's own."""
