"""`python -m pipeline` is the same as `hengbao`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
