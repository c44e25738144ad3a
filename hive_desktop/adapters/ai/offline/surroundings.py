"""Words that banks print before and after a name, and names to make descriptors of."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.strip().replace("\n", "|").split("|"))


_CARD = _words("""
pos purchase|pos debit|debit card purchase|checkcard 0412
purchase authorized on 03/12|visa debit|card payment to|contactless|paiement cb 1203
carte 12/03|achat cb|kartenzahlung|girocard|compra tarj|pago en|compra|bea betaalpas
eftpos|visa purchase|pos|c*|sq *|paypal *|sumup *|sp|zettle *
recurring card purchase|interac purchase|point of sale|card purchase|dbt crd
facture carte du 120324|betaalautomaat|card xx1234|visa
interac retail purchase 1234|kortkop 250314|dankort|visa kob|varekjop|korttiosto
platnosc karta|zakup przy uzyciu karty|pagamento pos|acquisto pos|compra multibanco
einkauf|kauf dienstleistung|pagamento|twint|bancontact
""")
_ORDER_OUT = _words("""
direct debit|dd|prlv sepa|prelevement|sepa lastschrift|lastschrift|recibo
adeudo recibo|sepa incasso algemeen doorlopend|ach debit|ach pmt|direct debit to
bill payment|online payment|bp|so|standing order|dauerauftrag|vir sepa|virement
transferencia|overboeking|uberweisung|debit order|eft|transfer to|payment to
osko payment to|ach web|pre authorized debit|fpo|domiciliacion|ideal
autogiro|avtalegiro|betalingsservice|addebito sdd|addebito diretto|bonifico|debito direto
przelew|lsv|instalment|online banking payment|paiement facture
""")
_ORDER_IN = _words("""
gutschrift|vir sepa recu de|virement recu|ach credit|bgc|fpi|direct credit
transferencia recibida|bijschrijving|sepa gutschrift|credit|bank giro credit|deposit
payment from|transfer from|vir recu|abono|payment received|direct dep|ppd
accredito|bonifico da|insattning|innbetaling|przelew przychodzacy|transferencia de
""")

BEFORE: dict[str, tuple[str, ...]] = {
    "out": _CARD,
    "in": ("refund", "credit voucher", "erstattung", "remboursement", "visa credit", *_CARD[:14]),
    "out account": (*_ORDER_OUT, *_CARD[:6]),
    "in account": _ORDER_IN,
}

AFTER = _words("""
london gb|new york ny|san francisco ca|austin tx|toronto on|berlin de|munchen|paris
lyon fr|madrid es|amsterdam nl|sydney ns aus|auckland nz|cape town za|johannesburg
dublin ie|gb|us|ref 12345|id:1234567890|web id 9000000000|ltd|inc|gmbh|sa|bv|pty ltd
llc|www|com|online|store 1234|on 12 mar|value date 12/03/2024|mandat a1234 ref b2345
zurich ch|wien at|bruxelles be|milano it|lisboa pt|stockholm se|oslo no|kobenhavn dk|warszawa pl
eref 123|ppd id 1234|card 1234|montreal qc|utrecht|barcelona|melbourne vi
""")

SURNAMES = _words("""
smith|jones|brown|taylor|wilson|miller|davis|garcia|martinez|lopez|sanchez|perez
martin|bernard|dubois|durand|moreau|laurent|muller|schmidt|schneider|fischer|weber
wagner|becker|hoffmann|koch|bauer|jansen|de vries|van dijk|bakker|visser|smit|mulder
murphy|kelly|walsh|byrne|ryan|nguyen|kim|patel|singh|khan|botha|naidoo|dlamini
van der merwe|nkosi|anderson|thompson|white|harris|clark|lewis|walker|king|wright
hill|green|baker|carter|turner|collins|stewart|rossi|ferrari|silva|santos|kowalski
novak|larsen|bianchi|pereira|nowak|andersson|hansen|huber|keller|janssens|peeters|olsen|tremblay|gagnon|roy|cote|bouchard|wong|chen|lee|tanaka|ahmed|hussain
ali|okafor|williams
""")

GIVEN_NAMES = _words("""
james|mary|john|anna|peter|laura|thomas|julia|michael|sarah|david|emma|paul|marie
jean|sophie|pierre|claire|hans|petra|klaus|sabine|stefan|carlos|maria|jose|carmen
javier|lucia|jan|sanne|pieter|lisa|kees|sean|aoife|liam|niamh|jack|olivia|noah|thabo
sipho|lerato|johan|wei|priya|ahmed|fatima|luca|giulia|nina|max|leon|mia|hannah|lukas
camille|hugo|manon|daan|fleur|grace|ethan|chloe|kate|tom|ben
""")

PLACE_WORDS = _words("""
corner|park|riverside|central|old town|high street|main street|station|market
harbour|village|lakeside|north|south|west|east|royal|golden|blue|red|green|city
downtown|hill|bridge|garden|sunny|little|grand|new|bahnhof|altstadt|am markt|am park
du centre|de la gare|du parc|saint martin|la plaza|del sol|del mar|centro|de hoek
het plein|de molen|centrum|ponsonby|bondi|sandton|sea point|temple|castle|crown|lion
star|sun|moon|express|plus|one|first|best|family|express|direct|group|house|point
square|local|union|kings|queens
""")

COMPANY_FORMS = ("ltd", "inc", "llc", "gmbh", "sa", "sarl", "sl", "bv", "pty ltd", "plc", "ag", "")
