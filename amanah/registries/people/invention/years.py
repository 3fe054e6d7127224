"""What happens to the people of a world from its first day to the last."""
from .persons import World


def pass_over(world: World, years: int) -> None:
    """Let the years pass."""
