"""What an operator may do to background work."""
from amanah.foundation.jobs.models import Delivery, DeliveryState
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Conflict


def retry(delivery_id: int) -> None:
    """Try a parked delivery again from the beginning, at the next turn of the relay. Raises Conflict when it is not parked (any more)."""
    moved = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.PARKED).update(
        state=DeliveryState.WAITING, due_at=clock.now(), attempts=0, finished_at=None)
    if not moved:
        raise Conflict()
