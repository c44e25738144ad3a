"""Towns, states and countries that banks print behind a merchant's name, in folded form."""

from __future__ import annotations

_US = """
new york|brooklyn|bronx|queens|manhattan|los angeles|chicago|houston|phoenix
philadelphia|san antonio|san diego|dallas|san jose|austin|jacksonville|fort worth
columbus|charlotte|san francisco|indianapolis|seattle|denver|washington|boston
el paso|nashville|detroit|oklahoma city|portland|las vegas|memphis|louisville
baltimore|milwaukee|albuquerque|tucson|fresno|sacramento|kansas city|mesa|atlanta
omaha|colorado springs|raleigh|miami|long beach|virginia beach|oakland|minneapolis
tulsa|tampa|arlington|new orleans|wichita|cleveland|bakersfield|aurora|anaheim
honolulu|santa ana|riverside|corpus christi|lexington|stockton|henderson|saint paul
st paul|cincinnati|st louis|saint louis|pittsburgh|greensboro|lincoln|anchorage
plano|orlando|irvine|newark|toledo|durham|chula vista|fort wayne|jersey city
st petersburg|laredo|madison|chandler|buffalo|lubbock|scottsdale|reno|glendale
gilbert|winston salem|north las vegas|norfolk|chesapeake|garland|irving|hialeah
fremont|boise|richmond|baton rouge|spokane|des moines|tacoma|san bernardino|modesto
fontana|santa clarita|birmingham|oxnard|fayetteville|rochester|moreno valley
glendale|yonkers|huntington beach|salt lake city|grand rapids|amarillo|montgomery
little rock|akron|augusta|huntsville|tempe|overland park|tallahassee|cape coral
knoxville|shreveport|worcester|ontario|vancouver|sioux falls|chattanooga
fort lauderdale|providence|newport news|santa rosa|eugene|elk grove|salem|ann arbor
boulder|berkeley|cambridge|palo alto|mountain view|sunnyvale|santa clara|cupertino
san mateo|redwood city|menlo park|burlingame|daly city|walnut creek|santa monica
pasadena|burbank|beverly hills|west hollywood|hollywood|culver city|torrance|cary
naperville|evanston|hoboken|stamford|hartford|new haven|bridgeport|savannah
charleston|columbia|greenville|asheville|wilmington|bethesda|alexandria|reston
mclean|fairfax|silver spring|bellevue|redmond|kirkland|frisco|mckinney|round rock
sugar land|the woodlands|katy|sandy springs|alpharetta|marietta|clearwater|sarasota
naples|boca raton|west palm beach|gainesville|bentonville
"""
_CA = """
toronto|montreal|vancouver|calgary|edmonton|ottawa|winnipeg|quebec|mississauga
brampton|hamilton|surrey|laval|halifax|london|markham|vaughan|gatineau|saskatoon
kitchener|burnaby|windsor|regina|richmond|richmond hill|oakville|burlington
sherbrooke|oshawa|saguenay|levis|barrie|abbotsford|coquitlam|trois rivieres|guelph
cambridge|whitby|kelowna|kingston|ajax|waterloo|victoria|st johns|fredericton
moncton|charlottetown|etobicoke|scarborough|north york|north vancouver|nanaimo
lethbridge|red deer
"""
_UK = """
london|birmingham|manchester|leeds|liverpool|sheffield|bristol|glasgow|edinburgh
cardiff|belfast|leicester|coventry|bradford|nottingham|newcastle|newcastle upon tyne
hull|plymouth|stoke|stoke on trent|wolverhampton|derby|southampton|portsmouth
brighton|hove|reading|oxford|cambridge|york|bath|exeter|norwich|luton|milton keynes
northampton|peterborough|swansea|aberdeen|dundee|inverness|perth|stirling|sunderland
warrington|huddersfield|bolton|bournemouth|poole|swindon|southend|middlesbrough
blackpool|ipswich|slough|watford|gloucester|cheltenham|colchester|blackburn|preston
lancaster|chester|crewe|lincoln|croydon|ealing|hackney|islington|camden|wimbledon
kingston|richmond|guildford|woking|basingstoke|maidstone|canterbury|chelmsford
st albans|stevenage|welwyn|welwyn garden city|harrow|stratford|wembley|hammersmith
greenwich|lewisham|brixton|shoreditch|wigan|stockport|oldham|rochdale|salford
doncaster|wakefield|barnsley|harrogate|durham|carlisle|telford|shrewsbury|hereford
worcester|taunton|truro|newport|wrexham|bangor|derry|lisburn|newry|england|scotland
wales
"""
_IE = """
dublin|cork|galway|limerick|waterford|drogheda|dundalk|swords|bray|navan|kilkenny
ennis|carlow|tralee|naas|athlone|letterkenny|tullamore|clonmel|wexford|sligo
mullingar|maynooth|leixlip|dun laoghaire|blanchardstown|tallaght|malahide|greystones
co dublin|dublin ireland
"""
_DE = """
berlin|hamburg|munchen|muenchen|munich|koln|koeln|cologne|frankfurt
frankfurt am main|stuttgart|dusseldorf|duesseldorf|leipzig|dortmund|essen|bremen
dresden|hannover|nurnberg|nuernberg|duisburg|bochum|wuppertal|bielefeld|bonn|munster
muenster|karlsruhe|mannheim|augsburg|wiesbaden|monchengladbach|moenchengladbach
gelsenkirchen|aachen|braunschweig|kiel|chemnitz|halle|magdeburg|freiburg|krefeld
mainz|lubeck|luebeck|erfurt|oberhausen|rostock|kassel|hagen|potsdam|saarbrucken
saarbruecken|hamm|ludwigshafen|oldenburg|osnabruck|osnabrueck|leverkusen|heidelberg
darmstadt|solingen|regensburg|paderborn|ingolstadt|wurzburg|wuerzburg|furth|fuerth
ulm|heilbronn|pforzheim|wolfsburg|gottingen|goettingen|bottrop|reutlingen|koblenz
bremerhaven|recklinghausen|erlangen|jena|trier|siegen|konstanz|tubingen|tuebingen
neckarsulm|offenbach|hanau|giessen|marburg|fulda|bayreuth|bamberg|passau|rosenheim
schwerin|cottbus|gorlitz|wien
"""
_FR = """
paris|marseille|lyon|toulouse|nice|nantes|montpellier|strasbourg|bordeaux|lille
rennes|reims|toulon|saint etienne|st etienne|le havre|grenoble|dijon|angers|nimes
villeurbanne|clermont ferrand|aix en provence|aix provence|brest|limoges|tours
amiens|perpignan|metz|besancon|orleans|rouen|mulhouse|caen|nancy|argenteuil
saint denis|st denis|montreuil|roubaix|tourcoing|avignon|nanterre|poitiers
versailles|courbevoie|creteil|pau|colombes|vitry sur seine|aulnay|asnieres
rueil malmaison|champigny|antibes|saint maur|la rochelle|cannes|calais|boulogne
boulogne billancourt|beziers|colmar|bourges|quimper|valence|annecy|lorient|troyes
ivry|issy les moulineaux|levallois|levallois perret|neuilly|neuilly sur seine|clichy
puteaux|la defense|vannes|chambery|niort|cergy|evry|massy|st malo|bayonne|biarritz
luxembourg
"""
_ES = """
madrid|barcelona|valencia|sevilla|zaragoza|malaga|murcia|palma|palma de mallorca
palma mallorca|las palmas|bilbao|alicante|cordoba|valladolid|vigo|gijon|hospitalet
vitoria|a coruna|la coruna|coruna|granada|elche|oviedo|badalona|cartagena|terrassa
jerez|sabadell|mostoles|santa cruz|tenerife|pamplona|almeria|alcala de henares
alcala henares|fuenlabrada|leganes|san sebastian|donostia|getafe|burgos|albacete
santander|castellon|alcorcon|logrono|badajoz|salamanca|huelva|marbella|lleida
tarragona|leon|cadiz|jaen|ourense|girona|reus|lugo|caceres|torrevieja|benidorm|ibiza
mallorca|toledo|alcobendas|las rozas|pozuelo
"""
_NL = """
amsterdam|rotterdam|den haag|the hague|s gravenhage|utrecht|eindhoven|groningen
tilburg|almere|breda|nijmegen|apeldoorn|haarlem|arnhem|enschede|amersfoort|zaandam
den bosch|s hertogenbosch|hertogenbosch|zwolle|zoetermeer|leiden|leeuwarden
maastricht|dordrecht|ede|alphen|alkmaar|emmen|delft|deventer|venlo|helmond|hilversum
heerlen|purmerend|hoofddorp|schiphol|amstelveen|gouda|lelystad|hengelo|vlaardingen
roosendaal|schiedam|spijkenisse|capelle|veenendaal|assen|hoorn|zeist|nieuwegein
houten|woerden|diemen|antwerpen|brussel|gent
"""
_AU = """
sydney|melbourne|brisbane|perth|adelaide|gold coast|canberra|newcastle|wollongong
hobart|geelong|townsville|cairns|darwin|toowoomba|ballarat|bendigo|launceston|mackay
rockhampton|bunbury|parramatta|chatswood|bondi|bondi junction|north sydney
surry hills|newtown|manly|penrith|blacktown|liverpool|bankstown|hornsby|castle hill
st kilda|richmond|south yarra|fitzroy|carlton|docklands|southbank|footscray
dandenong|frankston|box hill|chadstone|fortitude valley|south brisbane|fremantle
joondalup|glenelg|sunshine coast|byron bay|haymarket|pyrmont|mascot|alexandria
ultimo|macquarie park
"""
_NZ = """
auckland|wellington|christchurch|hamilton|tauranga|dunedin|palmerston north|napier
hastings|nelson|rotorua|new plymouth|whangarei|invercargill|whanganui|gisborne
queenstown|lower hutt|upper hutt|porirua|takapuna|newmarket|albany|manukau|henderson
ponsonby|riccarton|te aro|mt wellington|botany|papakura
sylvia park|franz josef
"""
_ZA = """
johannesburg|cape town|durban|pretoria|port elizabeth|gqeberha|bloemfontein
east london|sandton|randburg|centurion|soweto|midrand|roodepoort|benoni|boksburg
germiston|kempton park|edenvale|rosebank|bryanston|fourways|stellenbosch|paarl
somerset west|bellville|claremont|rondebosch|sea point|george|knysna|umhlanga
ballito|pinetown|pietermaritzburg|polokwane|nelspruit|mbombela|kimberley|rustenburg
potchefstroom|hatfield|menlyn|brooklyn|century city|milnerton|table view|durbanville
kenilworth|constantia|joburg|cpt|jhb
"""
_COUNTRIES = """
us|usa|uk|gb|gbr|ie|irl|de|deu|fr|fra|es|esp|nl|nld|au|aus|nz|nzl|za|zaf|can|lu|lux
be|bel|ch|che|at|aut|it|ita|pt|prt|se|swe|dk|dnk|no|nor|pl|pol|sg|sgp|hk|hkg|jp|jpn
cz|gbr|united states|united kingdom|great britain|ireland|deutschland|germany|france
espana|spain|nederland|netherlands|the netherlands|australia|new zealand
south africa|canada|luxembourg|belgium|switzerland|osterreich|austria|italy
"""
_STATES = """
al ak az ar ca co ct dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny
nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy pr ab bc mb nb nl ns nt nu on pe qc sk yt
nsw vic qld tas act nt sa wc gp kzn gau
"""


def _names(*texts: str) -> frozenset[str]:
    """Return names as their words come out of a descriptor: joining words are left out there."""
    found = set()
    for text in texts:
        for name in text.replace("\n", "|").split("|"):
            words = [word for word in name.split() if word not in ("the", "and", "en", "y", "et")]
            found.add(" ".join(words))
    return frozenset(found - {""})


PLACES = _names(_US, _CA, _UK, _IE, _DE, _FR, _ES, _NL, _AU, _NZ, _ZA)
"""Towns, of one to three words."""

REGIONS = _names(_COUNTRIES) | frozenset(_STATES.split())
"""Countries, states and provinces, mostly by their codes."""
