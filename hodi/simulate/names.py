"""Names put together at random from parts that are common in Kenya. Nobody in particular is meant."""

from __future__ import annotations

import random

GIVEN = {
    "female": (
        "Mary", "Grace", "Jane", "Faith", "Mercy", "Ann", "Esther", "Lucy", "Joyce", "Margaret", "Alice",
        "Rose", "Catherine", "Ruth", "Eunice", "Beatrice", "Agnes", "Lilian", "Purity", "Winnie", "Tabitha",
        "Naomi", "Rahab", "Peris", "Damaris", "Sharon", "Irene", "Zipporah", "Hannah", "Susan",
    ),
    "male": (
        "John", "Peter", "James", "Joseph", "David", "Daniel", "Samuel", "Paul", "Stephen", "Simon",
        "Francis", "George", "Michael", "Patrick", "Moses", "Isaac", "Charles", "Anthony", "Brian", "Kevin",
        "Dennis", "Elijah", "Ezekiel", "Geoffrey", "Henry", "Julius", "Martin", "Nicholas", "Philip",
        "Victor",
    ),
}  # fmt: skip
HOUSE = {
    "female": (
        "Wanjiku", "Njeri", "Wambui", "Nyambura", "Wairimu", "Muthoni", "Wangari", "Wanjiru", "Wangui",
        "Waithera", "Nyokabi", "Njoki", "Gathoni", "Wangeci", "Nduta", "Akinyi", "Achieng", "Atieno",
        "Nafula", "Nekesa", "Mwende", "Ndinda", "Chebet", "Jepkorir", "Moraa", "Kerubo", "Kagendo",
        "Kathure",
    ),
    "male": (
        "Kamau", "Njoroge", "Mwangi", "Kariuki", "Kimani", "Githinji", "Ndungu", "Macharia", "Waweru",
        "Karanja", "Gitau", "Mbugua", "Kuria", "Ngugi", "Thuo", "Otieno", "Ochieng", "Omondi", "Wafula",
        "Barasa", "Mutua", "Musyoka", "Kiprop", "Cheruiyot", "Nyakundi", "Ombati", "Muriithi", "Mutegi",
    ),
}  # fmt: skip
PLACES = ("Shuleni", "Sokoni", "Kanisani", "Mtoni", "Mlimani", "Bondeni", "Kisimani", "Barabarani",
          "Msituni", "Stendi", "Kwa Chifu", "Mashambani")  # fmt: skip
LANDMARKS = ("geti la bluu", "kando ya kisima", "nyuma ya shule", "mkabala na kanisa", "kioski cha mabati",
             "mti mrefu wa mkaratusi", "mwisho wa njia", "mlango wa kijani", "karibu na bwawa",
             "juu ya kituo cha majani chai", "karibu na kinu cha posho", "nyumba ya ghorofa")  # fmt: skip


def given(chance: random.Random, sex: str) -> str:
    """A first name."""
    return chance.choice(GIVEN[sex])


def house(chance: random.Random, sex: str) -> str:
    """A middle or last name."""
    return chance.choice(HOUSE[sex])


def telephone(chance: random.Random) -> str:
    """A number in Kenyan form with a prefix that no network uses, so that nobody can be called by it."""
    return f"+254000{chance.randrange(1_000_000):06d}"
