"""Given names of the countries whose banks are read: data of `domain.person_names`.

All are folded (`domain.merchants.fold`): small letters without accents.
"""

from __future__ import annotations

from typing import Final

_GIVEN_TEXT: Final = """
aamir aaron aarti abby abdallah abdelaziz abdelkader abdul abdullah abdulrahman abena abigail
achieng adaeze adam addison adel adil aditya adriaan adrian adriana adwoa afonso agathe agnieszka
agustin ahmad ahmed aicha aidan aiden ainhoa aino ainsley aisha aisling aitor ajay akash akhil
akhona akinyi akira akosua alain alan alana alba albert alberto albrecht alejandra alejandro
aleksandr aleksandra alessandro alessia alex alexander alexandra alexandre alexandru alexei alexis
alfie alfons alfred ali alice alicia alicja aline alison allan allen allison alonso alvaro alyssa
amahle amaia amanda amandine amelie amin amina amir amira amit amitabh amparo amy ana anahera anais
anand ananya anastasia anatoly anders andile andre andrea andreas andreea andrei andres andrew
andrey andrzej andy ane anele aneta angela angeles angelica angelika angelique angie anil anish
anita anja anjali anke ankit ankur ann anna anne anneke anneli annelies anneliese annelise annelize
annemarie annemiek annette annie annika anouk anri ans anthony antje antoine anton antonella
antonia antonio antonius antti anushka anwar aoife aparna apolline araceli archana archie arie
arjun armelle armin arnaud arno aroha artem arthur artur arturo arun arvind asanda asha ashish
ashley ashok ashraf ashwin asier asli asma astrid attila audrey aurelie aurelien aurora avery
avinash axel ayabonga ayanda ayesha ayman ayse aysel aziz babalwa babatunde balazs bandile baptiste
barbara barry bartlomiej bartosz bas bastian bastien bauke beata beatrice beatriz becky belen bella
ben benedikt benito benjamin benny benoit bente bernadette bernard bernardo bernd beth bethany
betsy bettina betty beverly bharat bhavna bianca bilal billy birgit birgitta bjarne bjoern bjorn
blanca bob bobby bogdan boitumelo bongani bonginkosi boris borja bozena bradley bram brandon brenda
brendan brenna brett brian brianna bridget brigid brigitte britta brittany bronagh bruce bruno
bryony buhle bulent burak burcu burkhard bushra busisiwe busra caitlin caleb callum cameron camila
camille candice caoimhe carla carlos carly carmen carol carola carolina caroline carolyn carrie
carsten cassandra catalin catalina catarina caterina cathal catharina catherine cathy catriona
cecile cecilia cedric cees celeste celia celine cem cengiz cesar chanelle chantal chantelle
charlene charles charlie cheryl chiara chinedu chioma chipo chloe chris christa christiaan
christiane christina christine christo christof christoph christophe christopher cian ciara ciaran
cillian cinzia claire clara clare claude claudia claudine claus clemence clive clodagh cobus
colette colin colleen colm conceicao concepcion connie connor conor constance constantin consuelo
coralie corey corinne cormac cornelia cornelis courtney craig cristian cristina curro curtis
cynthia cyril czeslaw daan dagmar dalia damian damien dan dana danie daniel daniela danielle danny
danuta daphne dara daragh dario dariusz darlene darragh dave david davide dawid debbie deborah
debra declan deepa deepak deepika deirdre della delphine denis denise dennis deon derek derrick
derya desiree detlef detlev dewald dhruv diana diane dianne diarmuid didier diego dieter dilek
dilip dimitri dina dineo dinesh diogo dirk divya dmitri dominic dominik dominique donal donatella
donna dora doreen doris dorota dorothea dorothy douglas douwe duarte duc dumisani duncan dustin
dylan eamon ebba ebele eberhard ebru ece eckhard eddie edeltraud edgar edith edna eduardo edward
edwin edyta eeva egon eileen eilish eimear ekaterina elaine eleanor elena elfriede eliane elias
elif elijah eline elisa elisabeth elisabetta elise eliza elizabeth elize elke ellen ellie elly
elmarie elodie eloy elsa elsabe elsie elvira elzbieta emanuela emeka emer emil emilia emilie emilio
emily emine emma emmanuel emmanuelle emre encarnacion eneko enes enrique eoin erdal erdem eren eric
erica erich erik erika erin erkan erna ernesto ersin erwin esme esmee esmeralda esra esteban
estefania estela estelle esther ethan ethel etienne euan eugen eugene eugenie eva evan evelyn
evelyne evgeny evi evie ewa ewald ewan fabian fabien fabienne fabio fabrice fadime faisal faiza
fang fanie fanny farah farai farid farida farouk fatemeh fatih fatima fatma fatoumata faye federica
federico felicity felipe femke ferdinand fergus ferhat fermin fernanda fernando fiete fikile filip
filipa filippo filiz finlay finn fintan fiona fionn fionnuala florian florin fokke folake fouad
frances francesca francesco francis francisca francisco franck francois francoise franz franziska
fraser fred freddie frederic frederik freja freya frieda friederike friedrich frikkie fritz funmi
furkan gabe gabor gabriel gabriela gabriele gaelle gaetan gail galina gary gaurav gavin gayatri
geeta gemma genevieve geoffrey georg george georgette georgina gerald geraldine gerard gerardo gerd
gerda gerhard gerhardus germaine gernot gerrit gert gertrud gertrude gheorghe ghislaine giacomo
gianluca gianni gijs gilberto gilles gina ginette giorgia giorgio giovanna giovanni girish gisela
gisele gita giulia giuseppe giuseppina gladys glenda gokhan goncalo gonul gonzalo gopal gordon
gorka gottfried govind graca graciela graham grainne grazyna greetje greg gregory greta grzegorz
gudrun guenter guenther guido guillaume guillermo gulay gulsen gunter gunther gurpreet gustav
gustavo gwen gwendolyn gwyneth haakon habib habiba hafsa hajar hakan hakim hakon haley halil halima
halina hamid hamish hamza hana hanan hanife hank hanlie hanna hannah hanne hanneke hannelore hannes
hannie hans harald hari harish haroon harpreet harriet harry hartmut haruka harvey hasan hassan
hatice hayley hector hedwig heidemarie heidi heike heiko heiner heinrich heinz helder heleen helen
helena helene helga helge hella helmut hemant hemi hendrik hendrika henk hennie henning henny
henrietta henrik henry henryk herbert hermann herve hessel hester hilary hilda hilde hildegard
himanshu hiroshi hisham hlengiwe hlonipho hoang holger hone horst howard hubert huda hugh hugo
huguette hulya hung huong husain huseyin hussain hussein iain ian ibrahim idris ifeoma ignacio igor
iker ilaria ilker ilona ilse ilze iman imogen imran inaki indira ineke ines inge ingeborg ingo
ingrid ingvild inmaculada ioana ion ionut iqbal irena irene irina irma irmgard iryna isaac isabel
isabella isabelle isha isla ismael ismail ismet isobel istvan itziar ivan ivor iwona jabu jabulani
jacek jackie jaco jacob jacobo jacobus jacqueline jacques jadwiga jagdish jaime jake jakob jakub
jamal james jamie jamil jamila jana jane janet janice janina janine janneke jannie jannik jantje
janusz jared jaroslav jaroslaw jasmin jason jaspreet jatin jaume javier jaya jayesh jean jeanette
jeanine jeanne jeannine jeff jeffrey jelle jemima jenna jennifer jenny jens jeremiah jeremy jeroen
jerome jerry jerzy jesse jessica jill jillian jim jimena jimmy jin jing jiri jitka jo joachim joan
joana joanie joanna joanne joao joaquim joaquin jocelyn jocelyne jochen jodie jody joe joel joerg
joey johan johann johanna johannes john johnny joke jolanda jolanta jolene jon jonas jonathan jordi
jorg jorge jorgen joris jose josef josefa josefina josep joseph josephine josette josh joshua
josiane josien josue joyce jozef juan juana juanita judith judy juergen juha jukka jules julia
julian juliana juliane julie julien juliet juliette julio jun jurgen juri jurjen jurre justin
justine jutta jyoti kabelo kacper kadir kagiso kai kaisa kajal kallie kamal kamau kamil kamila kara
karabo karan kareem karen kari karien karim karima karin karina karine karl karla karola karolina
karsten kartik kasper kate katerina katharina katherine kathleen kathrin kathryn kathy katie katja
katlego katrin katrina katy kavita kavya kayla kayleigh kazimierz keabetswe kees keiko keith kemal
ken kenji kenneth kenny kerry kerstin kevin kgomotso khadija khaled khalid khanyi khanyisile khaya
khethiwe khulekani kian kieran kilian kimberly kinga kiran kirsten kirsty kirti kishore kjell klaas
klaasje klara klaus knut kobus koen kofi konrad konstantin koos krishna krista kristen kristin
kristina kristine krystian krystyna krzysztof kubra kudzai kumar kunal kurt kwabena kwame kwesi
kyle laetitia laia laila lakshman lakshmi lamia langa lara larry lars laszlo lata latha latifa
latoya laura lauren laurence laurens laurent lawrence layla lea leah leanne lebo lebogang leendert
leila leire lena lenka lenny leon leona leonard leonardo leonhard leonor lerato lesedi lesley
leslie leszek leticia levent lewis leyla liam lieke lies liesbeth lieschen lieselotte lieven liezl
lillian lina linda lindiwe lindsay linh linnea lionel lisa lisanne lise liz lizelle lizzie llorenc
lloyd lluis loes loic lois lola lone lorcan loredana lorena lorenz lorenzo loretta lori lorna
lorraine lothar lotte lou louie louis louise louw lubna luca lucas lucia luciano lucie lucienne
lucille lucinda lucy lucyna ludivine ludmila ludovic ludwig luigi luis luisa luise luiz lukas
lukasz luke lungelo lungile luthando lutz luuk luyanda lwandile lwazi lydia lydie lynda lynette
lynn lynne lyudmila maaike maarten maartje mabel macarena maciej maddalena madeleine madeline madhu
mads maeve magali magda magdalena maggie magnus mahesh mahmood mahmoud maia maik maike mairead
maisie maite maja maksim malcolm malgorzata malik malika malte malusi manaia mandla mandy manfred
manish manisha manju manoj manolo manon manpreet mansour manuel manuela marc marcel marcia marcin
marco marcos marcus marek marga margaret margarete margarida margarita margaux margit margo margot
margret margriet marguerite maria mariah mariam marian mariana mariangela marianna marianne maribel
marie marieke marietjie marijke marilyn mario marion mariska marisol marissa marit marita marius
mariusz marjan marjolein marjorie markus marlene marlies marlize marloes marta martha martijn
martin martina martine marty marvin marwan mary maryam maryanne maryse massimo mateo mateusz
mathias mathieu mathilde mathis matias matilda matilde mats matt matteo matthew matthias matthieu
matti mattia maud maura maureen maurice mauricette mauricio maurits maurizio maxime maximilian
maximiliano maxine mayank mbali mduduzi meena meera meg megan megha meghan mehmet meike meinhard
melanie melinda melissa mere meredith merel meritxell merve meryem mesut metin mette mfundo mhairi
michael michaela michal michel michela michele michelle michiel mickael mickey mieczyslaw mieke
miguel mihaela mihai mika mikael mike mikel mikey mikhail mildred millie mindy minette ming minh
minke mira miranda mireia mireille mirela miren miriam mirjam mirko miroslav miroslaw mitch
mitchell mmabatho moana mohamed mohammad mohammed mohan mohau moira mokgadi molly mona monica
monika monique montse montserrat morag moritz morne mouna mounir mourad mpho mthunzi muhammad
mukesh munir murat muriel musa mustafa mutua mvuyo mwangi mxolisi mykola myriam mzwandile nabil
nabila nacho nadege nadia nadine naeem nagesh naima najat naledi namrata nancy nandi naoko naomi
narendra naresh nasir nasser natalia natalie natasha nate nathalie nathan nathaniel naveen nawal
ndumiso ned neelam neels neeraj neha neil nele nellie nerea nestor nettie ngaire ngozi nguyen
nhlanhla niall niamh nicholas nichole nick nicky nico nicola nicolae nicolas nicole niels nienke
nigel nikhil niklas nikolai nilesh nils nina nisha nita nitin njabulo njeri nkosinathi nkululeko
nneka noah nobuhle noelia noelle noemie nokuthula noluthando nolwazi nomfundo nompumelelo nomsa
nomthandazo nomvula nonhlanhla noortje nora norbert noreen norma norman nosipho noud nour nozipho
nthabiseng ntokozo ntombi ntombizodwa nuala nuno nuray nurcan nuria nyasha obinna oceane ockert
octavio odette odhran odile oguz oisin okan oksana olaf ole oleg oleksandr olga oliver olivier olof
oluwaseun omar omer onur oonagh oratile orhan oriol orla ornella oscar oskar osman otieno ottmar
owen oystein ozan ozgur ozlem pablo paco padma padraig paivi palesa pallavi paloma pam pamela
pankaj paola paolo parth parvati pascal patricia patrick patrizia patrycja patsy patty pau paul
paula paulette paulina pauline paulo pavel pawel peder pedro peggy pekka penelope pepe percy pere
pete peter petr petra petrus phil philip philipp philippa philippe phillip phindile phoebe phuong
pia pierre piet pieter pietro pina pinar piotr pippa polly pontsho pooja portia prachi pradeep
prakash pramod pranav prasad prashant pratibha praveen preeti priscilla priya priyanka przemyslaw
puleng quang quentin quim rabia rachael rachel rachid radha radhika rafael rafaela rafal rafiq
rahul raimund rainer raj rajan rajat rajesh rajiv raju rakesh ralf ralph raluca ram ramazan ramesh
ramon ramona randall randy rangi rania raphael raquel rashid rashida rasmus raul ravi raymond
raymonde razvan rebecca recep reena refilwe regina reginald regine regis reiner reinhard reinhold
rekha remi remy renata renate renaud rene renee rens renske renu rethabile reza rhoda rhonda rhys
riaan riana rianne ricardo riccardo richard rick ricky ridwan rik rika rishi ritesh ritu riya riyad
robbert robbie robert roberta roberto robyn rochelle rocio roddy rodolfo rodrigo roel roeland
rogelio roger rohan rohit roisin roland rolande rolf romain ron ronald ronan ronel ronnie rory rosa
rosalie rosalind rosana rosaria roseline rosemarie rosemary rosie ross roswitha roxanne roy ruairi
ruan ruben rudiger rudo rudolf rudy ruediger rufus rui rukhsana rumbidzai rupa rupert ruslan
russell rutger ruth ruud ryan ryszard saad saar sabah sabine sabrina sachin sadhana sadie saeed
saga sagar sahar said saima sakhile salah salem salim sally salma salvatore sam samantha sameer
sami samina samir samira sammy samuel sana sandeep sander sandhya sandile sandra sandrine sanele
sangeeta sanjana sanjay sanjeev sanne saoirse sara sarah sarita sascha saskia satish saul saurabh
savita sbusiso schalk scott seamus sean seanie sebastian sebastien seema segun selcuk selena selin
senan senzo serena serge sergei sergey sergi sergio serife serkan seung severin severine sevgi
sfiso shabana shahid shakeel shalini shane shankar shannon shanti sharif sharmila sharon shashi
shauna shawn shazia sheila shelley sherri sherry sheryl shilpa shirley shiv shivam shobha shona
shreya shruti shweta shyam sibel sibongile sibusiso siddharth sidney siegfried sietse sigmund signe
sigrid sigurd silke silvia silvio simon simona simone simphiwe sinan sindi sindisiwe sinead siobhan
siphesihle siphiwe sipho sissel siyabonga sizwe sjaak sjoerd sjoukje slawomir smita sneha soeren
sofie solange solveig sonal songul sonia sonja soo sophia sophie soraya soren spencer srinivas
stacey stacy stan stanislaw stanislawa stanley stef stefan stefania stefanie stefano steffen stella
stephan stephane stephanie stephanus stephen steve steven stewart stijn stuart subhash sudha sudhir
sujata sulaiman suleiman suleyman sumaya sumit sune sunil sunita suresh susan susana susannah
susanne sushil sushma susie suzanne sven svenja svetlana swati sylvain sylvia sylviane sylvie
sylwia szymon tabitha tadeusz tadhg tahir tahira takashi talita tama tamara tamer tammy tamsin tane
tania tanja tanvi tanya tara tarek tariq tarun tasha tatenda tatiana tatyana tebogo tendai terence
teresa tereza terry tertius tess tessa teun thabo thandeka thandi thandiwe thando thandolwethu
thelma themba theo theodore theresa therese theuns thi thiago thibault thibaut thierry thijs
thokozani thomas thorsten thulani thuy tiago ties tiffany tiina tijmen tijn tilman tim timo timothy
tina tinashe tineke tipene tiziana tjeerd tobias toby todd tolga tom tomas tomasz tommy ton toni
tony torben torsten tracey tracy travis trevor trijntje trisha tristan troy trudy truus tshepiso
tshepo tuan tugba tumelo tumi tunde tuomas turgay turgut tushar twan uche uday udo ufuk ugur ulf
ulises ulla ulrich ulrike uma umar umberto umesh umut una unai unathi urmila ursula urszula usha
usman uta ute uwe uxue vaclav valentin valentina valentine valerie vandana vanesa vanessa vani
varun vasco vasile veit venkat verena vernon veronica veronika veronique vicente vicki vicky vidya
vijay vikas vikram viktor viktoria vimal vinay vincent vincenzo vinod vipul virginie vishal vito
vivek vivian vladimir volkan volker volkmar volodymyr vusi vusumuzi wairimu waldemar waleed walid
wally walt walter waltraud wanda wanjiru waqas wasim wayne wei wendelin wendy werner wes wesley
wessel whitney wian wiebe wieslaw wieslawa wietse wiktor wikus wil wilfred wilhelm wilhelmina
willem willemijn willi william willie wilma wilna wim winfried winifred wioletta wiremu wladyslaw
wojciech wolfgang wouter wynand xabier xaver xavi xavier xiao ximena xolani xolisa xoliswa yamini
yan yann yannick yara yash yasin yasmin yasmina yasmine yasser yassine yavuz yaw yemi yilmaz yogesh
yoko yolanda yolandi younes younis yousef youssef ype yuki yulia yuri yusuf yvan yves yvette yvonne
zach zachary zack zahid zahra zaid zainab zakaria zama zandile zanele zara zaynab zbigniew zdenek
zdenka zdzislaw zehra zeinab zelda zeynep zinhle zodwa zoe zofia zola zoltan zubair zukiswa zuzanna
zwelethu
"""
GIVEN: Final = frozenset(_GIVEN_TEXT.split())
"""Names that are hardly a word of anything else."""

_UNSURE_GIVEN_TEXT: Final = """
ace ama amal amber an ange angel angelo art ash autumn ava bailey bart beauty bill blessing bo
bonnie brook brooke can carmel carter casey chase chip christian clement cliff comfort constant
cooper crystal daisy dale dawn dean dee demi destiny dev dolly dolores domingo don dona drew duke
earl ella elle els else ernst esperanza eve faith felix fern fleur floor france frank gene gift
ginger glen glenn gloria goodness grace grant guadalupe guy happiness harmony hazel heath heather
holly honey hope hui hunter ida ina innocent iris ivy jack jackson jade jan jasmine jay jesus jet
jordan joy justice kay kelly kim kit knowledge lark laurel lee leo li lily ling logan lourdes
lourens lucky luna luz maple mar marina marine mark mason max maya mees melody mercedes mercy mia
milan miles min mina myrtle noel noor ola olive olivia otto pansy parker pat patience paz pearl
penny per phoenix pilar pim piper pol poppy precious prince princess promise prudence raja rani ray
ria rich rita rob robin rocky rod roman roos rosario rose ruby rusty sage sakura salvador sandro
sandy sem sienna simba skye sofia sol soledad son sue sultan summer sun taylor ted till trinity
tulip tyler vera vesta victor viola violet wade ward welcome will wolf wren
"""
UNSURE_GIVEN: Final = frozenset(_UNSURE_GIVEN_TEXT.split())
"""Names that are words or brands too."""

_TOWNS_AND_MONTHS_TEXT: Final = """
alexandria april august austin brooklyn charlotte chelsea dallas florence georgia june madison may
orlando paris santiago sydney valencia victoria virginia
"""
TOWNS_AND_MONTHS: Final = frozenset(_TOWNS_AND_MONTHS_TEXT.split())
"""Names that are mostly a town or a month: only a family name makes one of them."""
