"""The command line, for those who call it by ``python -m estimation``: where a shell does not find `estimation`."""

from estimation.cli import main

if __name__ == "__main__":
    main()
