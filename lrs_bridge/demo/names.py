"""Names for invented people: given and family names from many places, combined at random."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

GIVEN = (
    "Aaliyah", "Adaeze", "Agnieszka", "Aiko", "Alejandra", "Amara", "Amit", "Ana", "Anders", "Anouk", "Arjun",
    "Astrid", "Ayodele", "Beatriz", "Bilal", "Bojan", "Bruna", "Camille", "Carlos", "Chiara", "Chidi",
    "Claire", "Daniel", "Darya", "Davit", "Deniz", "Dmitri", "Eilidh", "Elif", "Emeka", "Emil", "Esra",
    "Esther", "Farah", "Fatima", "Felix", "Femke", "Finn", "Gabriel", "Giulia", "Grace", "Hamid", "Hana",
    "Hassan", "Helena", "Hiroshi", "Ibrahim", "Ines", "Ingrid", "Ivan", "Jamal", "Jana", "Jasmin", "Jelena",
    "Joao", "Jonas", "Julia", "Kaito", "Karim", "Katarina", "Kofi", "Kwame", "Lara", "Leila", "Liam", "Lin",
    "Lucia", "Luka", "Maja", "Malik", "Marek", "Maria", "Mateo", "Mei", "Mihai", "Mina", "Mirela", "Nadia",
    "Naomi", "Nia", "Niko", "Nils", "Noor", "Oksana", "Olga", "Omar", "Oscar", "Paola", "Pedro", "Petra",
    "Priya", "Rafael", "Rania", "Ravi", "Rosa", "Ruth", "Samir", "Sanne", "Sara", "Selin", "Signe", "Sofia",
    "Soren", "Stefan", "Sven", "Tamar", "Tariq", "Teresa", "Thandi", "Tomas", "Tuan", "Valentina", "Vera",
    "Wei", "Yara", "Yusuf", "Zanele", "Zofia", "Zoran",
)  # fmt: skip

FAMILY = (
    "Abara", "Adeyemi", "Aguilar", "Ahmadi", "Albrecht", "Almeida", "Andersen", "Arslan", "Bakker",
    "Banerjee", "Barros", "Becker", "Benali", "Bianchi", "Boateng", "Borg", "Campbell", "Castillo", "Cerny",
    "Chen", "Costa", "Dahl", "Danso", "Diallo", "Dimitrov", "Dubois", "Eriksen", "Farouk", "Fernandes",
    "Fischer", "Fofana", "Fontaine", "Garcia", "Georgiou", "Gupta", "Haddad", "Hansen", "Haruna", "Hoang",
    "Horvat", "Hussein", "Ito", "Ivanova", "Jansen", "Jensen", "Joshi", "Kamara", "Kaplan", "Karlsson",
    "Khan", "Kim", "Kovacs", "Kowalska", "Kumar", "Lam", "Larsen", "Lindgren", "Lopes", "Maas", "Mahmoud",
    "Marino", "Martins", "Mbeki", "Mensah", "Meyer", "Moreau", "Morales", "Moyo", "Murphy", "Nair",
    "Nakamura", "Navarro", "Ndiaye", "Nguyen", "Novak", "Nowak", "Nyman", "Obi", "Okafor", "Olsen", "Ortiz",
    "Osei", "Ozturk", "Papadakis", "Park", "Patel", "Pereira", "Petrov", "Popescu", "Rahman", "Ramos",
    "Reyes", "Rossi", "Saito", "Santos", "Schmidt", "Shah", "Silva", "Singh", "Sousa", "Svensson",
    "Takahashi", "Tembo", "Teixeira", "Toure", "Tran", "Usman", "Vargas", "Virtanen", "Visser", "Vogel",
    "Wagner", "Wang", "Weber", "Yilmaz", "Zamora", "Zhang", "Zulu",
)  # fmt: skip


def full_names(random: Random) -> Iterator[tuple[str, str]]:
    """Given and family names without end, no pair twice (until all of some 14,000 pairs are used up)."""
    pairs = [(given, family) for given in GIVEN for family in FAMILY]
    random.shuffle(pairs)
    yield from pairs
