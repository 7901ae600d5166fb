"""What passes between this house and other systems. So far the outbox: what is to leave is written to a table
in the transaction of what caused it, and `hodi.background` delivers it.

A partner is a `Sender`: a function that sends one message and gives the partner's answer. `SENDERS` is the
complete list of them.
"""

from hodi.exchange.outbox import Message, Refused, enqueue, send_anew
from hodi.exchange.partners import SENDERS, Sender

__all__ = ["SENDERS", "Message", "Refused", "Sender", "enqueue", "send_anew"]
