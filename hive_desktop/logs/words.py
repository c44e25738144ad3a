"""The words that a log and a report may have: the program's own, and those of its libraries.

No given name is among them, and no business but such as are called by a word of every program.
"""

from __future__ import annotations

from typing import Final

_TEXT: Final = """
a aarch abort aborted about access accessibility accessible account accounts action active
additional address after again ai alembic all allocate allocation allowed already always amd an
and another answer answered answers any api application approved arch are argument arguments
arithmetic arm as ascii assertion assignment assistant async at attribute auth authorization
available await awaited b background backup backups balance bank banks base be been before began
begin begun between bind binding blocking body bool boolean both bound broke broken budget
buffer bus busy but button by byte bytearray bytes call callable callback callbacks called
calling calls came can cancel cancelled cannot cantopen categories category certificate
certificates chain change char character characters chat check checks child choose cipher class
classes client clipboard close closed closing code codec codes collect collected collection
column columns command commit compact comparison concatenate concurrently config configuration
conflict connect connected connecting connection consent constraint content conversion convert
core coroutine corrupt could cpython crash crashes created credentials credits critical cross
cryptography csv current cursor cycle damaged darwin data database dbus dead debian debug decode
decoder defined deleted delimiter demo denied deprecated deprecation depth desktop destroyed dev
device dialog dict dictionary did different directory disk display divide division do doctor
does done double down drawings due during each egress either element empty enabled enclosed
encode encoder encoding encrypted end ended ends engine enough entries entry environment eof
errno error errors escape essentials event every exceeded exception exceptions exec exhausted
exist exists exit expected expecting expired export extra fail failed fails failure fatal fault
fedora few field fields file files filter finalizer first float floating focus folder font fonts
for foreign forget form format found from full function future futures garbage generator
geometry get given global go gone got granted group gui had handed handle handled handler
handlers handshake has hashable have header headers hear hidden hide hive host hostname http
https httpx icon icons id if ignored ignoring illegal image implemented import imported in inbox
indentation index indices info input instance instances institution institutions instruction
insufficient int integer integrity internal interrupt interrupted into invalid io is issuer it
item items iterable iteration iterator its itself journal json keep kept key keyboard keychain
keyring keys keyword kind kinds language large last layer layout ledger left length less let
levels limit limits line link linux list literal load loaded loading local lock locked locking
log login logs long longer look lookup loop lost main maintenance malformed many mapping maximum
may memory menu merchant method mfa migration minimum mismatch missing misuse model models
module more most moved msgspec much must mutated mutation name negative network never new news
next no nolfs none not notadb noted notfound notice notices notification null number numpy oauth
object of off offline offscreen old on once one only open openai opened opening operand operands
operation operational or ordinal os other out over overflow own package page pages pagination
paint painted painter painting panel parameter parameters parent parse part passphrase path peer
pending permanent permission permitted pipe pixel pixmap plaid planned platform plugin plugins
point pointer points portal position positional post prices private process processes product
products program programming prohibited properties property proposal protocol public pyqtgraph
pyside python q qasync qpa qt queries query quit quota quotes range rate rc reachable reached
read reading ready recent record recorded recover rect recursion reference referenced references
refresh refused registration relay relink removed reply report reports request requests required
reset resource responding response restore result results retrieved retry review reviews revoked
rollback route row rows rule rules run running runs runtime same sandbox saved savepoint
schedule scheduled schema screen scroll seal sealed segmentation selected selection self
sequence server session sessions set setting settings setup several sheet short show shown shows
sign signal signed size skipping slot slots small socket some space split sql sqlalchemy
sqlcipher sqlite ssl stack stale start started starting state statement statements status
staying stays stop stopped str strerror string style subscriber subscriptable such supported
surrogate surrogates sync syncs syntax system tab table tables tags takes task tasks temporarily
terms test text than that the theme then there these they this those thread threads time timed
timeout timer tls to token tokens told too traceback transaction transactions translate tray
truncated try tuple two type types ubuntu unable unauthorized unavailable unbound underlying
unexpected unhashable unicode unique unknown unlock unlocked unpack unraisable unreachable
unreadable unrecognised unrecognized unsupported unterminated unwritable up update updates url
urllib usage use user utf valid value values variable vault verification verify version versions
view visible visitor wait waits warning was wayland weak webhook were what when where which
while who widget widgets window windows with without would wrapped write writing written wrong
xcb zero
"""
WORDS: Final = frozenset(_TEXT.split())
