"""Words by which a person's name is told from a business's: data of `domain.person_names`.

All words are folded (`domain.merchants.fold`): small letters without accents.
"""

from __future__ import annotations

from typing import Final

_SURNAMES_TEXT: Final = """
adam adams adebayo adeyemi agarwal aggarwal aguilar aguirre ahmed akhtar alaoui albrecht ali allen
almeida alvarez andersen anderson andersson andre arias armstrong arnaud arnold arslan asante aslan
atkinson aubert aydin bachmann badenhorst bailey baldwin ballard baloyi banerjee barbier barbieri
barlow barnard barnes barrett barton bates bauer baumann becker begum belanger benali benitez
bennani bennett benoit benson berger bergeron bergmann bernard bertrand bezuidenhout bhatt bianchi
blackburn blair blake blanchard blanco boateng boehm bohm bonnet bose botha bouazza bouchard
bourgeois bowen bowman boyd boyer bradley brady braun brennan brits brooks bruin brun brunner bruno
bryant buchanan buhler bui burgess burke burns buthelezi byrd byrne caballero cabrera caldwell
calvo cameron campbell cano carlson carmona caron carr carrasco carroll carson carter caruso
carvalho castro cele celik cetin chan chapman charpentier chatterjee chaudhry chauke chavez chen
cheng chetty cheung chevalier cho choi chopra chow christensen chua claes clark clarke clement
cloutier coetzee cohen coleman colin collins colombo connolly conti conway copeland correia cortes
cote cox craig crawford crespo cronje cullen cunningham curran curtis dabrowski dalton daly dang
daniels davidson davies davis dawson declercq dekker delaney delgado demers demir dempsey denis
dennis desai deschamps desmet devlin dewit dhillon diaz dickson dietrich diez dijkman dijkstra
dixon dlamini dogan doherty dolan dominguez donnelly donovan douglas doyle dubois duffy dufour
dumitru dumont duncan dunlap dunn dunne duong dupont dupuis duran durand duval dvorak eaton eder
edmonds edwards egan egger elidrissi elliott ellis engelbrecht erasmus erickson eriksson esposito
esteban evans evers eze fabbri fabre farrell faulkner faure ferguson fernandes fernandez ferrara
ferrari ferreira ferrer finch fischer fitzgerald fitzpatrick flanagan fleming fletcher fleury
flores floyd flynn fortin foster fourie fournier fowler frank franke franklin fraser frazier
freeman frei friedrich fuchs gagnon gaillard gallagher gallardo gallego gao garcia gardiner gardner
garner garnier garrett garrido gauthier gautier geldenhuys george gerard gerber gerritsen ghosh
gibson gil gilbert gill gilmore giordano girard goh goldberg goldstein gomes gomez goncalves
gonzales gonzalez goodman goodwin goossens gordon govender grabowski graham grant graves greco
greene gregory grewal griffin griffiths grobler gruber guerin guerrero guillaume gumede gunther guo
gupta gutierrez guzman haddad hadebe hahn haider hale hamilton hansen hanson hardy harmon harper
harris harrison hartmann harvey hassan hawkins hayes haynes healy heijden heinrich henderson
hendriks henry hermans hernandez herrera herrero herrmann hickey hicks hidalgo higgins hoang
hoekstra hoeven hofer hoffman hoffmann hofman hofmann hogan holloway holmes hoogland hopkins horan
horton horvat horvath howard howell huang hubbard huber hubert hudson huff hughes huisman humphrey
hussain hussein hutchinson huynh ibanez ingram ionescu iqbal irvine islam ito ivanov ivanova iyer
jacobs jacobson jacquet jaeger jager james jamieson jang jankowski jansen janssen jefferson jenkins
jennings jensen jimenez johansen johansson johns johnson johnston joly jones jonker jordan
jorgensen joseph joshi joubert kaczmarek kaminski kang kapoor karlsson kaur kavanagh kaya keane
kearney keller kelley kelly kemp kennedy kenny kerr khan khumalo kilic kim knox kobayashi koch
koehler koenig kohler korhonen koster kotze kovacs kowalczyk kowalski kozlowski kraemer kramer
kraus krause krawczyk krishnan kristensen krueger kruger kuehn kuijpers kuiper kuipers kumar kunz
kurt kuznetsov kwiatkowski lacroix lam lambert lange lapointe larkin larsen larson larsson laurent
lavoie lawrence lawson leary leblanc leclerc leclercq lecomte lee leeuwen lefebvre lefevre legrand
lehmann leitner lemaire lemoine leonard leroy leung levine levy lewandowski lewis liebenberg lim
lin lindner lindsay lindsey liu lloyd logan lombard lombardi loon lopes lopez lorenz lorenzo lowe
lozano lucas ludwig luo lynch lyons maas mabaso mabuza macdonald mackay mackenzie maclean macleod
madden madonsela madsen maes maguire maher mahlangu mahmood maier makhanya makinen malan maldonado
malhotra malik malinga malone mancini mann manning mansouri marais marino marques marquez marshall
martin martinez martins maseko masondo masson mathews mathieu matthews mayer mazibuko mazur mbatha
mcbride mccall mccarthy mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcgee mcgrath
mcgregor mcguire mchunu mcintyre mckay mckee mckenna mckenzie mckinney mclaughlin mclean mcleod
mcmahon mcnamara medina mehta meier meijer meister mejia mendes mendez mendoza menon mensah mercer
mertens merwe meunier meyer meyers mhlongo michael michel middleton mitchell mkhize mnguni modise
moeller mofokeng mohamed mokgosi mokoena molefe moller moloi montero montgomery moodley moody moore
morales moran moreau moreira morel moreno moretti morgan morin morris morrison morrow morse morton
moser motaung motsepe moya moyo msimang mthembu mthethwa mtshali mueller mukherjee mulder mullen
muller mulligan munoz munro murphy murray mwangi myers nagy naidoo nair navarro ndlovu neal nel
nelson neumann newman ngcobo ngo ngubane nguyen nicholls nichols nicholson nicolas niekerk nielsen
nieminen nieto nijhuis nilsson nkabinde nkosi noel nolan norman norris novak novotny nowak nunes
nunez nwosu nxumalo nyathi obrien ochoa oconnor odonnell ohara ojo okafor okeefe okonkwo oliveira
olsen olson olsson omahony omalley oneill ooms oosthuizen oreilly orourke ortega ortiz osborne osei
oshea osullivan otieno otoole otto ouellet owen owens owusu ozdemir ozkan ozturk pacheco padilla
palmer parker parra parsons pascual pastor patel paterson patrick patterson patton paul pawlowski
payne pearce peck pedersen peeters pelletier pena pereira perez perkins perrin perry persson peters
petersen peterson petrov petrova pfeiffer pham phelps philippe phillips phiri picard pichler pierce
pillay piotrowski plessis pohl poirier popa popescu popov postma potgieter poulin powell pratt
pretorius prieto proctor pronk pugh quinn radebe rahman ramirez ramos ramsey randall rao rasmussen
ray reddy rees reeves regan reid reilly renard renaud rennie reyes reynolds rhodes ribeiro ricci
richard richards richardson richter riley rinaldi ritchie rivera rizzo robbins roberson roberts
robertson robin robinson robles rodgers rodrigues rodriguez roger rogers rojas rolland romano
romero rosales rosen ross rossi roth rousseau roussel roux rowe roy rubio ruiz russell russo ryan
saez sahin salas salazar sanchez sanders sandoval santana santoro sanz sato sauer saunders schaefer
schafer schmid schmidt schmitt schmitz schneider scholten scholz schouten schreiber schroder
schroeder schubert schulte schultz schulz schulze schumacher schuster schuurman schwab schwartz
schwarz schweizer scott seidel serrano sexton shabalala shaffer shah shannon sharma shaw sheehan
shelton sheridan sherman sibanda sibiya sidhu sidorov simmonds simmons simon simpson sims sinclair
singh singleton sithole skinner sloan sloot smirnov smith smits smuts snyder snyman sokolov soler
solis sorensen soto sousa souza spaans spence spencer stanley steiner stephens stephenson stevens
stevenson stewart steyn stoica stokes strickland strydom stuart suarez sullivan suter sutherland
suzuki svensson svoboda swanepoel swanson sweeney szabo szymanski takahashi tan tanaka tanner tate
teixeira teo terrell terry thomas thompson thomsen thomson tierney timmermans todd toit tolsma toth
townsend tran tremblay trevino trujillo tshabalala tucker turner tyler underwood valdez vance
vargas vasquez vasseur vaughan vaughn vazquez veenstra velasco velazquez venter verbeek verhoeven
verma vermaak vermeulen vicente vidal vilakazi viljoen villarreal vincent virtanen vliet vogt voigt
volkov vos vries vuuren wade wagner walker wallace wallner walsh walter walters walton wang warner
warren watanabe watkins watson watt watts webb weber webster weiss welch werner westra whelan
whitaker whitehead whitney widmer wiersma wiggins wilcox wilkerson wilkins wilkinson willems
willemsen williams willis wilson wisniewski wojcik wolfe wolff wong woodard woodward wouters
wozniak wright wyatt wyk xaba yamamoto yang yates yildirim yildiz yilmaz yoon zhang zhao zhou zhu
ziegler zielinski zijlstra zimmerman zimmermann zondo zungu zuniga zwane zwart
"""
SURNAMES: Final = frozenset(_SURNAMES_TEXT.split())
"""Family names."""

_UNSURE_SURNAMES_TEXT: Final = """
ash austin bacon baker bakker ball banks barber barclay barker baxter beach bean beans beck beek
bell berg berry best bird birds bishop black blanc boer bolton bond booth boots bos brand brandt
bravo bridge bridges broek brouwer brown brush bull burger burton busch bush butler campos cannon
carpenter case cash castillo castle chandler chase chef cherry church cloud cole cook cooper costa
court crane cross cruz dale dallas day dean dell dijk doe drake east engel farmer field fields
fisher flowers fontaine ford fox francis francois friend frost fuentes fuller gallo gardener gates
glass glover gold good graaf grace graf gray green grey gross haas hall hart hawk he heinz hill ho
hoek holland holt hope horn house houston hu hunt hunter iglesias island jackson jong joy jung
kaiser kara kaufman king klein knight koc kok konig kuhn lake lamb lane lang large law laws leon li
lincoln linden little long love ly ma madison major march marchand marie marin mars marsh mason may
merchant mercier miles mill miller mills molenaar molina monday moor mora moss moulin nash newton
ng nice north norton olive orlando page park parks penny petit pierre pinto plum point pope porter
potter power powers preston price prins public reed rey rice rich rivers roche rock roman roos
rosario rose salinas santiago santos savage schipper sen sharp shell shepherd short silva silver
small smart smit snow sommer stafford star steel steele stein stone strong summer summers sun
sutton swan tailor taylor temple torres towers valencia valentine veen vega velde vink visser vo
vogel wall ward washington waters weaver wells west white winter winters wise wolf wood woods world
wu xu ye york young yu zulu zwaan
"""
UNSURE_SURNAMES: Final = frozenset(_UNSURE_SURNAMES_TEXT.split())
"""Family names that are words, trades or towns too: a given name must stand before."""

_PARTICLES_TEXT: Final = """
de del della delle di da do dos das du des van von vom zu zum zur der den dem ter ten te la le las
los el al bin ibn binti abu mac mc st y e und and et en i dit op het t d o af av ap ab
"""
PARTICLES: Final = frozenset(_PARTICLES_TEXT.split())
"""What stands between names."""

_SAINTS_TEXT: Final = "st ste saint sainte san santa santo sao sint sankt sankta santi"
SAINTS: Final = frozenset(_SAINTS_TEXT.split())

_SHOPS_TEXT: Final = """
cafe caffe kaffee koffie restaurant restaurante ristorante trattoria osteria pizzeria bistro
brasserie bodega taberna tapas bar pub tavern bakery backerei baeckerei konditorei boulangerie
patisserie panaderia pasteleria bakkerij butchers metzgerei fleischerei boucherie charcuterie
carniceria slagerij imbiss gelateria eiscafe apotheke apotheek farmacia pharmacie drogerie garage
autohaus werkstatt taller tienda magasin boutique winkel friseur friseursalon salon kapper kapsalon
coiffeur coiffure peluqueria hotel hostal hostel gasthof gasthaus camping librairie libreria
buchhandlung boekhandel bijouterie joyeria juwelier zapateria ferreteria chateau domaine weingut
finca maison chez casa optik optica frutas fruteria quiosco estanco supermercado supermarche edeka
rewe spar intermarche superette carrefour leclerc praxis
"""
SHOPS: Final = frozenset(_SHOPS_TEXT.split())
"""What makes a business of a name that stands after it, or before."""

_TRADES_TEXT: Final = """
street road avenue lane drive square strasse str platz allee rue boulevard calle straat weg laan
ltd limited llc llp lp inc incorporated corp corporation co company plc pllc pc gmbh mbh kg kgaa
ohg ug ag ek ev eg bv nv vof cv sa sas sasu sarl eurl sci snc sl slu sau slne cb pty proprietary cc
npc srl spa sprl bvba oy ab as aps dac clg teo cic group gruppe groupe grupo groep holding holdings
partners partner associates associes sons son bros brothers brother sohne soehne fils hijos zonen
seuns daughters family familie cousins estate international industries enterprises enterprise
services service solutions systems consulting consultants agency agencia agence agentur foundation
trust stiftung stichting fundacion fondation association verein society institute university
college academy school schule ecole escuela kindergarten nursery hospital clinic clinica klinik
clinique kliniek praxis praktijk practice surgery dental dentist dentistry dentista zahnarzt
tandarts dentaire orthodontics optical optics opticians optik optiek optique pharmacy pharmacie
apotheke apotheek farmacia chemist drugstore veterinary vet vets tierarzt dierenarts physio
physiotherapy chiropractic medical health healthcare therapy plumbing plumbers plumber heating
electrical electrician electric electricians roofing construction builders building contractors
contracting carpentry joinery painting decorators flooring landscaping gardening gardens gardencare
cleaning cleaners motors motor autos auto automotive garage garages tyres tires tyre tire autohaus
werkstatt taller talleres carrosserie autobedrijf cars cafe caffe coffee kaffee koffie restaurant
restaurante ristorante trattoria osteria pizzeria pizza grill grille diner bistro brasserie bodega
taberna tapas bar pub inn tavern lounge kitchen kitchens deli delicatessen bakery baeckerei
backerei konditorei boulangerie patisserie panaderia pasteleria bakkerij bakehouse butchers butcher
butchery metzgerei fleischerei boucherie charcuterie carniceria slagerij slaghuis traiteur catering
foods food burgers burger bbq steakhouse sushi kebab kebap doner doener imbiss snackbar snack
ijssalon gelato gelateria eiscafe confectionery chocolates chocolatier wines wine weine vins vinos
brewery brewing distillery supermarket supermarkt supermarche supermercado market markt mart store
stores shop shops shoppe winkel tienda magasin boutique fashion fashions mode moda shoes schuhe
schuhhaus chaussures zapateria jewellers jewelers jewellery jewelry juwelier bijouterie joyeria
florist florists flowers blumen fleuriste floristeria bloemen bloemist books bookshop buchhandlung
libreria librairie boekhandel toys sports sport gym fitness yoga pilates studio studios salon
salons hair hairdressing hairdressers barbershop barbers barber friseur friseure coiffure coiffeur
peluqueria kapper kappers kapsalon beauty nails cosmetics parfumerie perfumeria hotel hotels hostel
motel guesthouse pension resort lodge travel reisen reisebuero tours viajes voyages reizen tourism
transport taxis taxi cabs logistics trucking realty properties property lettings immobilien
immobilier inmobiliaria makelaars makelaardij management law lawyers attorneys solicitors advocaten
rechtsanwalt rechtsanwalte abogados avocats notary notaire notaria notariat accounting accountants
accountancy steuerberater steuerberatung gestoria tax insurance assurances seguros versicherung
versicherungen verzekeringen verzekering broker brokers advisors financial finance capital
investments bank photography media design designs graphics printing druckerei imprimerie imprenta
press publishing records music entertainment events productions theatre theater cinema gallery
galerie galeria museum farm farms hof boerderij finca bodegas domaine chateau weingut landhandel
hardware ferreteria quincaillerie bricolage bouwmarkt baumarkt timber furniture moebel mobel
meubles muebles meubels interiors electronics elektro electromenager appliances computers computer
software technologies technology tech digital online labs collection outlet warehouse wholesale
trading imports supply supplies products center centre centro zentrum plaza mall airport station
bahnhof gare church kirche parish temple mosque council county city club clube sportverein fc pets
pet zoo laundry laundromat tailors tailor tailoring alterations drycleaners locksmith storage
removals movers moving pool pools pest security signs glass windows doors fencing paving driveways
tools rentals rental hire leasing kwikspar spar superspar shell bp texaco esso
"""
TRADES: Final = frozenset(_TRADES_TEXT.split())
"""What makes a business of a name that stands before it."""

_ORDERS_TEXT: Final = """
ach pmt pymt payment payments transfer xfer tfr trf trsf eft dd ddr direct debit deb dir dep
deposit credit ppd ccd wire draft autopay order rent rental lease tenancy landlord lastschrift
einzug basislastschrift folgelastschrift erstlastschrift dauerauftrag abbuchung gutschrift
uberweisung ueberweisung zahlung prlv prelevement prelvt vir virement recibo adeudo domiciliacion
cargo abono transferencia ingreso pago incasso overboeking overschrijving betaling periodieke
machtiging afschrijving bijschrijving bgc bacs fpi fpo fps sto so stop instruction magtape ap bp
billpay cheque check chq chk wages salary payroll refund reimbursement invoice fee fees debiet
debietorder betaal aftrekorder
"""
ORDERS: Final = frozenset(_ORDERS_TEXT.split())
"""What a bank prints of an order: whoever is named after it may be a person."""

_HOUSEHOLD_TEXT: Final = """
rent landlord landlady flatmate roommate room deposit miete kaltmiete warmmiete kaution untermiete
wohnung loyer loyers caution appartement alquiler arriendo fianza piso huur kamerhuur huurgeld
waarborg woning renta sublet board lodging babysitter babysitting nanny aupair childminder
tagesmutter oppas cleaner putzfrau putzhilfe schoonmaakster tutor tutoring nachhilfe bijles lessons
gift geschenk cadeau regalo birthday geburtstag verjaardag anniversaire cumpleanos wedding hochzeit
boda bruiloft allowance pocketmoney taschengeld zakgeld argent paga alimony maintenance unterhalt
alimentatie pension manutention alimentaire loan darlehen lening prestamo pret iou owes owed sparen
spaarrekening savings sparkonto livret ahorro huis geskenk sakgeld
"""
HOUSEHOLD: Final = frozenset(_HOUSEHOLD_TEXT.split())
"""What is paid to people: words after it that nobody knows are taken for a name."""

_BY_CARD_TEXT: Final = """
card purchase pos compra achat kartenzahlung eftpos girocard kauf carte cb tarjeta tarj betaalpas
bea checkcard visa mastercard maestro contactless kaart kartenumsatz
"""
BY_CARD: Final = frozenset(_BY_CARD_TEXT.split())
"""A payment by card: single names of it are shops."""

_LEGAL_FORMS_TEXT: Final = """
ltd limited llc llp inc incorporated corp corporation plc gmbh mbh kg kgaa ohg ag ug bv nv vof sarl
sas sasu eurl srl spa slu sprl bvba pty proprietary
"""
LEGAL_FORMS: Final = frozenset(_LEGAL_FORMS_TEXT.split())
"""What only a company has behind its name: its founder's name may be told with it."""

_MORE_SURNAMES_TEXT: Final = """
bloggs doe mustermann musterfrau modaal petterson wisniewska kowalska nowakowski zhuk
"""
MORE_SURNAMES: Final = frozenset(_MORE_SURNAMES_TEXT.split())
"""Of forms and examples, and forms of the above."""

FAMILY_ENDINGS: Final = (
    *("dottir", "sdatter", "sson", "mann", "meier", "meyer", "mayer", "hofer", "huber", "inski"),
    *("ovic", "evic", "ovich", "evich", "escu", "opoulos", "opoulou", "oglu", "shvili", "enko"),
    *("ewicz", "owicz", "owski", "owska", "ewski", "ewska", "inska", "czyk", "idze", "adze"),
    *("ovsky", "evsky", "skaya", "ishvili", "akumar", "swamy"),
)
"""How words end that nobody knows and that are family names."""

_GOODS_TEXT: Final = """
art autumn beauty bill can constant else floor france gift summer sun welcome will
"""
GOODS: Final = frozenset(_GOODS_TEXT.split())
"""Given names that behind a brand are more often what it sells."""

PROCESSORS: Final = frozenset({"sq", "sp", "tst", "iz", "sumup", "zettle", "izettle", "yoco"})
"""What takes payments for shops that it then names."""

_BRANDS_TEXT: Final = """
abercrombie fitch|ackermans|adolfo dominguez|agatha ruiz de la prada|agent provocateur|agnes b
alain afflelou|alain figaret|alain mikli|albert heijn|alexander mcqueen|alfred dunhill
andrew peller|ann taylor|anna sui|anthon berg|arne jacobsen|arthur kaplan|aunt annies
auntie annes|barbara bui|barnes noble|ben sherman|bernard matthews|betty barclay|betty crocker
bimba y lola|bing lee|bob evans|bob jane|bob jane t marts|bobbi brown|bobby brown|braun
brooks brothers|brown thomas|bruno banani|bruno magli|carl gustaf|carl zeiss|carls jr
carlton hair|carolina herrera|caroline herrera|cath kidston|charles greig|charles keith
charles schwab|charles vogele|charlotte tilbury|christ juwelier|christian dior
christian louboutin|coco chanel|cole haan|dan murphys|daniel hechter|daniel wellington
david jones|david lloyd|david yurman|dean deluca|diane von furstenberg|dick smith|dirk rossmann
dolce gabbana|donna karan|dorothy perkins|eddie bauer|eddie stobart|edward jones|eileen fisher
elena miro|elie saab|elie tahari|elizabeth arden|emilio pucci|emma bridgewater|emporio armani
eric bompard|ermenegildo zegna|ernstings family|estee lauder|ethan allen|etienne aigner
fannie mae|fanny farmer|felix austria|filippa k|foster grant|franck olivier|franck provost
frank walder|franklin templeton|fred meyer|fred olsen|fred perry|freddie mac|fredrik malle
garnier|georg jensen|george weston|gerry weber|gianni versace|gina tricot|giorgio armani
giuseppe zanotti|gordon ramsay|gordons gin|grant thornton|guy laroche|hallenstein|hans im gluck
harris teeter|harry ramsden|harry ramsdens|harry rosen|harry winston|harrys bar
harvey furnishings|harvey nichols|harvey norman|helena rubinstein|helly hansen|henri bendel
henri lloyd|henry poole|henry schein|hermes paris|honey baked|hugo boss|hunter douglas
issey miyake|j jill|jack daniel|jack daniels|jack wills|jack wolfskin|jackson hewitt|jacob cohen
jacques dessange|jaeger lecoultre|jamaica blue|james hardie|james perse|james villas|jamie oliver
jamies italian|jan linders|jean coutu|jean louis david|jean louis scherrer|jean paul gaultier
jean rousseau|jeanne lanvin|jenny craig|jerome dreyfuss|jeronimo martins|jersey mikes|jil sander
jim beam|jimmy choo|jimmy johns|jo loves|jo malone|joe fresh|john deere|john frieda|john hancock
john lewis|john lobb|john players|john smedley|john varvatos|johnnie walker|johnny rockets
johnson johnson|johnston murphy|jos a bank|josef seibel|juan valdez|julius baer
julius bar|julius meinl|karen millen|karl lagerfeld|karl storz|kate somerville|kate spade
katharine hamnett|kathe kruse|kathe wohlfahrt|kendra scott|kenneth cole|kurt geiger|la martina
laura ashley|laura mercier|laura secord|lauren ralph lauren|leo burnett|levi strauss|linda farrow
little caesars|little debbie|liz claiborne|lola casademunt|lord taylor|lorna jane|louis philippe
louis poulsen|louis vuitton|luisa cerano|luisa spagnoli|luke 1977|madame tussauds|manolo blahnik
marc cain|marc jacobs|marc opolo|marco polo|margarete steiff|maria galland|marie callenders
marie claire|marina rinaldi|mario kart|marks spencer|martha stewart|martin guitar|martin marietta
mary browns|mary katrantzou|mary kay|mary quant|massimo dutti|max brenner|max factor|max havelaar
max mara|maxwell house|mercedes benz|merrill lynch|michael hill|michael hill jeweller
michael kors|michel herbelin|miss selfridge|mitchell gold|molton brown|morgan stanley|moss bros
mr bean|mr d|mr lube|mr porter|mr price|mr rooter|mr submarine|mrs fields|mrs hinch
nathans famous|neil pryde|neiman marcus|nicolas feuillatte|nicole farhi|nina ricci|noel leeming
norman copenhagen|norton rose|oliver bonas|oliver peoples|olivia burton|oscar de la renta
oscar jacobson|oscar mayer|otto kern|paco rabanne|papa murphys|patek philippe|patrizia pepe
paul bocuse|paul costelloe|paul mitchell|paul ricard|paul shark|paula deen|paulas choice
pedro del hierro|peggy porschen|penny lane|perry ellis|peter kaiser|peter millar|peter piper
peter sheppard|peter stuyvesant|peter thomas roth|philip morris|philipp plein|phillip lim
pick n pay|pierre cardin|pierre fabre|pierre frey|pierre herme|pierre marcolini
purificacion garcia|ralph lauren|ray ban|raymond james|raymond weil|rebecca minkoff|rebel sport
rene lezard|richard mille|robert bosch|robert dyas|roberto cavalli|roberto verino|roche bobois
rodd gunn|roger dubuis|roger gallet|ronald mcdonald house|roy rogers|russell hobbs|russell stover
ruth chris|ryan homes|sally beauty|sally hansen|salvatore ferragamo|sam adams
sam browne jewellers|sam edelman|sams club|samuel adams|samuel hubbard|sara lee|sergio rossi
sergio tacchini|sheet street|sherwin williams|simone perele|sonia rykiel|st james|stella artois
stella mccartney|stephen webster|steve madden|stuart weitzman|sylvan learning|ted baker
theo fennell|thierry mugler|thom browne|thomas cook|thomas kinkade|thomas pink|thomas sabo
tim hortons|timothy oulton|todd snyder|tom ford|tom tailor|tommy bahama|tommy bowe|tommy hilfiger
toni guy|tony chachere|tony roma|tony romas|tonys chocolonely|tonys pizza|tory burch
trelise cooper|ulla johnson|ulla popken|valentino garavani|vera bradley|vera moda|vera pelle
vera wang|vero moda|victor hugo|victorias secret|victorio lucchino|viktor rolf|vivienne westwood
walker shortbread|william hill|williams sonoma|wolfgang puck|yankee candle|yves delorme
yves rocher|yves saint laurent|yves salomon|zac posen|zadig voltaire
"""
BRANDS: Final = frozenset(_BRANDS_TEXT.strip().replace("\n", "|").split("|"))
"""Businesses of the countries whose banks are read that are named like people, folded."""
