from .customers import X

def test_x() -> None:
    assert X == 3
