"""Which SQL functions our queries may use: those that every engine has, or that a primitive of the dialect gives it.

A function outside this list is a decision, not an accident: add it here together with a primitive in
`holdfast.engine.dialect`, so that another engine knows what to write instead.
"""

from sqlglot import exp, parse_one

ALLOWED_FUNCTIONS = frozenset(
    {
        # aggregates
        "ARG_MAX",
        "ARG_MIN",
        "COUNT",
        "MAX",
        "MIN",
        "PERCENTILE_CONT",  # how sqlglot calls quantile_cont
        "QUANTILE_CONT",
        "SUM",
        # windows
        "LAG",
        "ROW_NUMBER",
        # scalars
        "AND",  # sqlglot counts connectives among functions
        "CASE",
        "CAST",
        "COALESCE",
        "DATEDIFF",
        "EXISTS",
        "EXP",
        "EXTRACT",
        "FLOOR",
        "GREATEST",
        "IF",  # a branch of CASE
        "LEAST",
        "LN",
        "NULLIF",
        "OR",
        "POWER",
        "ROUND",
        "SQRT",
        "TIME_TO_UNIX",  # how sqlglot calls epoch
        "TRY_CAST",
    }
)

READING_FUNCTIONS = frozenset(
    {
        "ABS",
        "ARRAY",  # the list of time formats that a text may have; Spark: array
        "ARRAY_CONTAINS",  # list_contains; Spark: array_contains
        "DENSE_RANK",
        "HASH",  # row_hash, to compare whole rows; Spark: xxhash64
        "LIST_EXTRACT",  # Spark: element_at
        "LOWER",
        "REGEXP_LIKE",  # how sqlglot calls regexp_matches; Spark: rlike
        "REGEXP_REPLACE",
        "REPLACE",
        "STARTS_WITH",  # Spark: startswith
        "SUBSTRING",
        "TRIM",
        "TRY_STRPTIME",  # parse_time; Spark: try_to_timestamp
        "UPPER",
    }
)
"""What reading dirty cells takes besides: for cleaning, and for the workflows that show what it did."""


def functions_of(sql: str) -> frozenset[str]:
    """The names of all functions in one statement of DuckDB's dialect."""
    tree = parse_one(sql, dialect="duckdb")
    return frozenset(
        call.name.upper() if isinstance(call, exp.Anonymous) else call.sql_name() for call in tree.find_all(exp.Func)
    )
