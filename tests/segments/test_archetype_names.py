from holdfast.segments.archetype_names import Profile, name_archetypes


def profile(*, days: float = 30, order_days: float = 5, gap: float | None = 30, revenue: float = 500) -> Profile:
    return Profile(100, days, order_days, gap, revenue)


def test_a_wholesale_shop_of_three() -> None:
    found = [profile(gap=33), profile(gap=73), profile(days=246, order_days=1, gap=None)]
    assert name_archetypes(found) == ("Monthly High-Value", "Seasonal", "Experimental / Hesitant Lower-Value")


def test_a_name_never_says_what_the_numbers_do_not() -> None:
    assert name_archetypes([profile(gap=90), profile(gap=20), profile(order_days=6, gap=20)]) == (
        "Seasonal High-Value",
        "Monthly Mid-Value",
        "Monthly Lower-Value",
    )
    assert name_archetypes([profile(gap=None), profile(gap=45.5, order_days=3)]) == (
        "One-Order High-Value",
        "Seasonal Lower-Value",
    )


def test_names_that_collide_are_told_apart_by_recency_and_then_by_place() -> None:
    top, bottom = profile(), profile(order_days=1, gap=None)
    seasonal = [profile(gap=80, days=days) for days in (25, 47, 47)]
    assert name_archetypes([top, *seasonal, bottom])[1:4] == (
        "Seasonal, last order 25 days ago",
        "Seasonal, last order 47 days ago, group 3",
        "Seasonal, last order 47 days ago, group 4",
    )
