"""The proposal for as_of: the day after the last complete day before the data thin out."""

from datetime import date

from holdfast.cleaning.as_of import Day, day_after_the_last_complete

START = date(2024, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
EVENING = 20 * 3600


def days(*orders: int, last_second: int = EVENING) -> list[Day]:
    return [Day(START + n, count, last_second) for n, count in enumerate(orders) if count]


def test_a_file_that_just_ends_proposes_the_next_day() -> None:
    assert day_after_the_last_complete(days(*[50] * 100)) == date(2024, 4, 10)


def test_a_day_cut_at_noon_is_not_complete() -> None:
    cut = [*days(*[50] * 100), Day(START + 100, 40, 12 * 3600)]
    assert day_after_the_last_complete(cut) == date(2024, 4, 10)


def test_stray_late_orders_do_not_move_it() -> None:
    stray = [*days(*[50] * 100), Day(START + 130, 1, EVENING), Day(START + 160, 2, EVENING)]
    assert day_after_the_last_complete(stray) == date(2024, 4, 10)


def test_a_tail_that_thins_out_is_cut_where_it_falls_below_half() -> None:
    assert day_after_the_last_complete(days(*[100] * 90, 80, 60, 40, 20, 10)) == date(2024, 4, 2)


def test_a_weekday_that_is_always_quiet_is_judged_by_its_own_kind() -> None:
    quiet_sundays = [20 if (START + n + 3) % 7 == 6 else 100 for n in range(98)]
    assert day_after_the_last_complete(days(*quiet_sundays)) == date(2024, 4, 8)


def test_a_small_shop_takes_its_last_order() -> None:
    assert day_after_the_last_complete(days(1, 0, 0, 1, 0, 2)) == date(2024, 1, 7)


def test_a_stray_order_a_month_later_does_not_move_a_shop_of_four_orders_a_day() -> None:
    stray = [*days(*[4] * 100), Day(START + 130, 1, EVENING)]
    assert day_after_the_last_complete(stray) == date(2024, 4, 10)


def test_dates_without_times_are_never_cut() -> None:
    assert day_after_the_last_complete(days(*[50] * 100, last_second=0)) == date(2024, 4, 10)


def test_no_orders_no_proposal() -> None:
    assert day_after_the_last_complete([]) is None
