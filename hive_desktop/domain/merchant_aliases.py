"""Names under which banks print one and the same merchant.

Aliases are words as `domain.merchants.words_of` gives them; one that ends in `*` also stands for
what begins so, unless a longer one fits. Divisions that people pay for something else, as Uber
Eats, are merchants of their own.
"""

from __future__ import annotations

from typing import NamedTuple

_TABLE = """
Amazon: amazon, amzn*, amazon mktp*, amazon mktplace*, amazon marketplace*, amazon eu*, \
  amazon amzn*, \
  amazon retail*, amazon com*, amazon digital*, amz*, amazon payments*, amazon uk*, amazon de*, \
  amazon services*, amazon pmts*, amazon sarl, amazon fr*, amazon es*, amazon it*, amazon nl*, \
  amazon au*, amazon tips*
Amazon Prime: amazon prime*, amzn prime*, prime amazon, amznprime*, amazonprime*, prime membership
Prime Video: prime video*, amazon prime video*, amazon video*, amzn prime video*, primevideo*
Amazon Web Services: amazon web services*, aws, aws emea*, amazon aws*
Audible: audible*, amazon audible*
Kindle: kindle*, amazon kindle*, kindle svcs*, kindle unltd*
Walmart: walmart*, wal mart*, wm supercenter*, walmart supercenter*, wal sams, wm superc*, wmt*, \
  walmart com*, walmart store*, walmart neighborhood*, walmart grocery*, walmart supercentre*, \
  walmart canada*, wm supercentre*
Sam's Club: sams club*, samsclub*, sams membership*
McDonald's: mcdonalds*, mcdonald, mcdonald s, mcd, donalds, donalds restaurant*, macdonalds, \
  mcdonalds restaurant*, mcdo
Uber: uber, uber trip*, uber bv, uber help*, uber technologies*, uber rides*, uber pending*, \
  ubr pending*, ubr*, uber one trip
Uber Eats: uber eats*, ubereats*, uber eat*, ubr eats*
Starbucks: starbucks*, sbux*, starbucks coffee*
Target: target, target corp*, target store*, target com*, target t*
Costco: costco, costco whse*, costco wholesale*, costco com*, costco warehouse*
7-Eleven: 7 eleven*, 7 11*, 7eleven*, seven eleven*, 7 elev*, 7 elv*
Apple: apple, apple bill*, apple com bill*, apple services*, itunes*, apple itunes*, \
  apple store*, apple online*, apple com*
YouTube: youtube*, google youtube*, youtubepremium*, google youtubepremium*
Google: google, google services*, google play*, google svcs*, google ireland*, google payment*
Google One: google one*, google storage*
Netflix: netflix*
Spotify: spotify*
Disney+: disney plus*, disneyplus*, disney
Microsoft: microsoft, msft*, microsoft store*, ms bill*, microsoft ireland*, microsoft payments*
Facebook: facebk*, facebook*, meta ads*, meta platforms*
PlayStation: playstation*, playstationnetwork*, sony playstation*, playstation network*
Tesco: tesco, tesco store*, tesco stores*, tesco express*, tesco extra*, tesco metro*, \
  tesco superstore*, tesco esso
Tesco Mobile: tesco mobile*
Tesco Bank: tesco bank*
Sainsbury's: sainsburys, sainsburyss*, sainsburys mkts*, sainsburys sacat*, sainsbury, \
  js online*, sainsburys supermarket*, sainsburys superstore*, sainsburys local*
Sainsbury's Bank: sainsburys bank*
Marks & Spencer: marks spencer*, m&s, m&s simply*, m&s food*, m and s, marks and spencer*, mands*
M&S Bank: m&s bank*
Asda: asda, asda superstore*, asda stores*, asda store*, asda groceries*, asda supermarket*, \
  asda express*
Morrisons: morrisons*, wm morrison*, morrison supermarket*, wm morrisons*, morrison daily*
Waitrose: waitrose*, john lewis waitrose
Boots: boots, boots the chemist*, boots ireland, boots retail*, boots chemist*
Lidl: lidl*
Aldi: aldi, aldi sud*, aldi sued*, aldi nord*, aldi stores*, aldi store*, aldi se*, aldi markt*, \
  aldi supermercados*, aldi gmbh*, aldi nederland*, aldi marche*, aldi ireland*, aldi suisse*, \
  aldi de
Rewe: rewe*
Edeka: edeka*
Netto: netto, netto marken*, netto markendiscount*
Penny: penny, penny markt*, penny sagt*
Rossmann: rossmann*, dirk rossmann*
dm: dm, dm drogerie*, dm drogeriemarkt*, dm fil*, dm dm*
Deutsche Bahn: db vertrieb*, deutsche bahn*, db bahn*, db fernverkehr*, bahn de
Carrefour: carrefour, carrefour market*, carrefour city*, carrefour express*, carrefour contact*, \
  carrefour hyper*, carref*, hiper carrefour
E.Leclerc: leclerc*, e leclerc*
Intermarché: intermarche*, inter marche
Auchan: auchan*
SNCF: sncf*, oui sncf*
Mercadona: mercadona*
El Corte Inglés: el corte ingles*, corte ingles*
Albert Heijn: albert heijn*, ah, ah to go*, albertheijn*, ah bezorg*
bol: bol com*, bol, bolcom*
Jumbo: jumbo, jumbo supermarkten*, jumbo supermarkt*
NS Reizigers: ns groep*, ns reizigers*
Woolworths: woolworths, woolies, woolworths food*, woolworths online*, woolworths metro*, \
  woolworths supermarket*
Coles: coles, coles supermarkets*, coles online*, coles supermarket*
Countdown: countdown, countdown online*, woolworths nz*
Pick n Pay: pick n pay*, pnp*, picknpay*, pick pay
Checkers: checkers, checkers hyper*, checkers sixty*, sixty60*
Shoprite: shoprite, shoprite holdings*
Shell: shell, shell oil*, shell service*
BP: bp, bp connect*, bp service*
Home Depot: home depot*, homedepot*, the home depot
Lowe's: lowes*
Best Buy: best buy*, bestbuy*
CVS: cvs, cvs pharmacy*, cvs pharm*
Walgreens: walgreens*, walgreen*
Trader Joe's: trader joe*, trader joes*
Whole Foods: whole foods*, wholefds*, whole fds*, wholefoods*
Chick-fil-A: chick fil*, chickfila*
Dunkin': dunkin*
Tim Hortons: tim hortons*, tim horton
Canadian Tire: canadian tire, cdn tire*, canadian tire store*
IKEA: ikea*
H&M: h&m*, hennes mauritz*, h m hennes*
Airbnb: airbnb*
Booking.com: booking, booking com*, hotel at booking*, bookingcom*
"""


class Alias(NamedTuple):
    """A merchant's name for people, and the words that its key is made of."""

    name: str
    words: tuple[str, ...]


def _read(table: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of whole phrases, and of beginnings."""
    exact: dict[str, str] = {}
    begins: dict[str, str] = {}
    for line in filter(None, table.split("\n")):
        name, _, phrases = line.partition(": ")
        for phrase in map(str.strip, phrases.split(",")):
            bare = phrase.rstrip("*")
            exact.setdefault(bare, name)
            if bare != phrase:
                begins.setdefault(bare, name)
    return exact, begins


EXACT, BEGINNINGS = _read(_TABLE)
FIRST_WORDS = frozenset(phrase.split()[0] for phrase in EXACT)
_LONGEST = max(phrase.count(" ") for phrase in EXACT) + 1


def named_as(words: list[str]) -> str | None:
    """Return the merchant's name for people that these words are another way to print."""
    if not words or words[0] not in FIRST_WORDS:
        return None
    found = EXACT.get(" ".join(words))
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if found is not None:
            break
        found = BEGINNINGS.get(" ".join(words[:length]))
    return found
