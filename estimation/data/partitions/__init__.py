"""People in partitions: Parquet files that are never collected."""
