"""Words that redaction knows beforehand: ordinary ones, given names, legal forms, cues.

All without capitals and accents. They only help where a client has too few comments to
show which words are ordinary: what customers write in small letters counts besides.
"""

from __future__ import annotations

__all__ = [
    "ASKING", "CLOSING", "GIVEN_NAMES", "GIVEN_TOO", "LEGAL", "ORDINARY", "PARTICLES",
    "SOMETIMES", "stem",
]  # fmt: skip

_LEGAL = """
sa ag se nv bv ab as asa oy oyj aps kg kgaa gmbh mbh ohg ug ev ek co inc corp ltd ltda lda llc llp
lp plc pte pty sarl eurl srl spa sas snc sl kk de cv kft zrt sro doo bhd sdn the and und et
company companies limited group gruppe groupe grupo gruppo holding holdings corporation
incorporated international of for
"""
_PARTICLES = """
al bin da das de del della den der di do dos du e el la las le los ten ter van von y zu zur
"""
_ASKING = """
ask asked asking told tell telling frag frage fragen fragte demandez
"""
_CLOSING = """
regards greetings cheers sincerely yours best thanks thx gruss gruesse grusse mfg lg vg danke
cordialement salutations merci saludos atentamente gracias saluti grazie groet groeten groetjes
hilsen mvh halsningar abracos atenciosamente pozdrawiam
"""
_ENGLISH = """
a about above across actually after again against ago agree all almost alone along already also
although always am among an and another any anybody anyone anything are around as at available
away awful back bad basically be because been before began behind being below best better between
big both bring but buy by call called calls came can cannot care change changed changes check
clear clearly come comes company complain complained complaint complaints contact cost costs could
currently customer customers day days dear deliver delivered deliveries delivery despite did
difficult do does doing done down due during each early easy either else email end enough even
ever every everybody everyone everything excellent except expect expected expensive experience
fair fast few find fine first fix follow for found friendly from frankly full further generally
get gets getting give given go goes going good got great had half happened happy hard has have
having he hello help helpful helps her here hi high higher him his honestly hope how however i
idea if impossible improve improved in indeed inside instead into invoice invoices is issue issues
it its just keep keeps kept kind know known knows lack last late later lately least less let like
likely little live long longer look looking lost lot lots love low lower made mail mainly make
makes making manage many may maybe me mean meet more most mostly much must my need needed needs
neither never nevertheless new next nice no nobody none nor normally not nothing now obviously of
off offer often ok okay old on once one only open or order ordered orders other others otherwise
our out outside over overall own paid part parts past pay people per perfect perhaps person phone
plan please point poor possible present price prices probably problem problems product products
promised properly prompt put quality quick quickly quite quote rather read ready real really
reason recently remove reply report response rest right run said sadly same satisfied say says see
seems send sent service services several shall she should simply since site slow small so solid
some somebody someone something sometimes soon sorry speed staff start still stop strong such
super supply support sure system systems take takes talk team terrible than thank thanks that the
their them then there therefore these they thing things think this those though thought three
through time times to today together told tomorrow too took total towards training tried true try
turn twice two under unfortunately unless until up upon us use used useful usually value very wait
waited waiting want was way we week weeks well went were what whatever when whenever where
wherever whether which while who whoever whole whom whose why will with within without wonderful
work worked working works worse worst would wrong year years yes yesterday yet you your yours
"""
_INDUSTRY = """
automotive bank banking beverage board chemical chemicals components dairy energy engineering
equipment food foods forge industrial industries insurance laboratories life logistics
manufacturing marine metal metals minerals mining offshore oil gas paper pharma pharmaceutical
pharmaceuticals plastics polymers power pulp retail sciences solutions steel technologies technology
telecom textiles tools trading transport turbines utilities water waterworks works
"""
_NAMES_TOO = """
art baker banks bell bill bishop black bond brown butler carter case chance chase church close
cook cross dale dean drew duke earl faith field fields fisher ford forest fox frost gene gold
grace grant gray green grey hall hill holly hunt jack joy king lane law mark mason max mercy mill
miller mills miles moon noble page parks pat penny pepper pool porter price ray rich rob
rock rose sharp shepherd short singer smart spring star stern stone sue summer swift ward waters
weaver west white wise wolf wood woods woodward young
"""
_GIVEN_TOO = """
art bill chance chase dale dean drew earl faith frank gene grace grant holly hope jack joy king
lane mark mason may max miles pat penny ray rich rob rose sue summer taylor victor will
"""
_OTHERS = """
aber alle alles als am an auch auf aus bei beim bessere bester bin bis bitte da damit dann das
dass dein dem den denn der des deshalb die dies diese dieser dieses doch dort du durch ein eine
einem einen einer eines einfach endlich er es etwas fur ganz gar gegen gibt gut gute guten guter
hab habe haben hat hatte hier ich ihr ihre ihrem ihren im immer in ins ist ja jede jeder jedes
jetzt kann kein keine leider man manchmal mehr mein meine mit muss nach nein nicht nichts noch nun
nur ob oder ohne oft schlecht schnell schon sehr seit sie sind sein seine sich so sogar sollte
sonst trotz uber um und uns unser unsere unter viel viele vom von vor war waren warum was weil
weiter wenn wer werden wie wieder wir wird wo wurde zu zum zur zwei afin alors apres au aucun
aucune aussi autre aux avec avons beaucoup bien bon bonne bonjour car ce cela ces cet cette chaque
chez comme comment dans de depuis deux donc elle en encore est et etes etre fait il ils je jamais
la le les leur lorsque lui ma mais manque meilleur merci mes moins mon ne ni nos notre nous on ont
ou par parce parfois pas pendant peu plus plusieurs pour pourquoi pouvez prix qualite quand que
quel quelle qui rien sa sans se ses si son sont souvent sous sur surtout ta te toujours tous tout
toute toutes tres trop tu un une vos votre vous a al algo alguna ante antes asi aun aunque bueno
buena cada casi como con cuando debe del desde donde dos e el ella ellos entre era esa ese eso
esta estamos este esto falta fue gracias ha hace hacer han hasta hay las lo los mala malo mas me
mejor menos mi mientras mucho muchas muchos muy nada no nosotros nuestra nuestro nunca o para pero
poco por porque sea ser siempre sin sobre solo su sus tambien tan tiene tienen todo todos tras una
uno usted ustedes ya y yo abbiamo ai alla anche ancora avere bene che chi ci come cosa dal dalla
dei della delle di dopo dove due ed essere fa gli hanno ho i io loro mai meglio meno molto nel
nella niente noi non nostra nostro ogni ottimo per perche piu poi prima qualche quando quello
questa questo sempre senza sia sono spesso sul sulla ti troppo tutti tutto vi voi aan alleen
altijd bij dan dat deze dit doen door dus een ge geen goed goede had heb hebben heeft het hij hoe
hun ik is jullie kan kunnen maar meer meestal met mijn na naar niet niets nog nooit nu of om omdat
onder ons onze ook op over slecht snel tegen toch tot tussen uit u uw van vaak veel voor waar
wanneer wat we weer wel werd wij worden zeer zij zijn zo zonder ao aos as ate com ela ele em eu
foi isso melhor muito nao nas nem nossa nosso os pelo pela sem seu sua sao tambem tem tudo uma
voce voces
"""
_GIVEN = """
aaron abdul abdullah abigail adam adele adrian agata agnes agnieszka ahmed ahmad aidan aisha akira
alan albert alberto alejandro aleksander aleksandra alessandra alessandro alexander alexandra
alexandre alexis alfonso alfred alice alicia alina alison allison alvaro amanda amelia amelie amir
amit amy anastasia anders andre andrea andreas andres andrew andrzej angela angelika anil anita
anja anjali ankit anna anne annette annika anthony antoine anton antonella antonio arjun arnaud
arthur arturo ashley astrid audrey aurelie axel barbara bartosz beata beate beatrice beatriz
benjamin benoit bernard bernd bertrand bettina birgit bjorn bogdan boris brandon brenda brian
brigitte bruno caitlin camila camille carla carlos carmen carolina caroline catarina catherine
cecile cecilia celine charles charlotte chiara chloe christa christian christiane christina
christine christoph christophe christopher cindy claire clara claudia claudio clement connor
corinne cristina cynthia damien daniel daniela danielle danilo dariusz david deborah deepak
delphine denise dennis derek diana diane diego dieter dimitri dirk dmitri dmitry dominik dominique
donald donna dorota dorothea douglas duncan edgar eduardo edward edyta egon eileen elaine eleanor
elena eleonora eline elisa elisabeth elizabeth elke ella ellen elodie elsa emanuele emilia emilie
emily emma emmanuel enrico enrique eric erica erich erik erika ernesto erwin esteban esther eugene
eva evelyn ewa fabian fabien fabio fabrice fatima federica federico felipe felix fernanda fernando
filip fiona florence florian frances francesca francesco francisco francois franz frederic
frederik friedrich fritz gabriel gabriela gabriele gareth gary geoffrey george georges gerald
gerard gerhard gianluca gilles giorgio giovanni gisela giulia giuseppe gloria gonzalo gordon
gracjan graham greg gregory greta grzegorz guido guillaume gunter gunther gustavo hannah hans
harald harold harry hassan heather hector heidi heike heiko heinrich heinz helen helena helene
helga helmut hendrik henri henrik henry herbert hermann hiroshi holger horst howard hubert hugo
ian ibrahim ignacio igor ilona ines inga inge ingo ingrid irene irina iris isabel isabella
isabelle ivan ivana jacek jacob jacques jaime jakob jakub james jamie janet janice janine jasmin
jasmine jason javier jeanne jeffrey jennifer jeremy jerome jessica jesus joan joanna joao joaquin
jochen joel joerg johan johanna johannes john johnny jonas jonathan jorg jorge jose josef joseph
joshua josip juan juana juergen julia julian juliana julie julien juliette jurgen justin justyna
kamil karen karim karin karina karl karla karolina karsten katarina katarzyna katharina katherine
kathleen kathrin kathryn katja katrin keith kenji kenneth kerstin kevin khalid kimberly klaus
konrad kristian kristin kristina krystyna krzysztof kumar kyle larissa larry lars laszlo laura
laurence laurent lea leandro leila lena leon leonardo leonie lieselotte liam linda lionel lisa
lorenzo louise luca lucas lucia lucie lucy ludovic ludwig luigi luis luisa lukas luke lutz lydia
maciej madeleine magdalena magnus mahmoud malgorzata manfred manuel manuela marc marcel marcello
marcelo marcin marco marcos marcus margaret margarita margit maria mariana marianne mariano marie
marina mario marion marius mariusz marlene marta martha martin martina martine mary mateo mateusz
matteo matthew matthias matthieu maurice mauricio maurizio maximilian megan mehmet mei melanie
melissa mercedes michael michaela michal michel michele michelle miguel mikael mike mikhail milan
mirko miroslav mohamed mohammad mohammed mohan moritz muhammad nadia nadine nancy natalia natalie
natasha nathalie nathan neha neil nicholas nico nicola nicolas nicole niklas nikolai nils nina
noah nora norbert oleg olga oliver olivia olivier omar oscar oskar otto pablo pamela paola paolo
pascal patricia patrick patrik paul paula paulina paulo pavel pawel pedro peter petra phil philip
philipp philippe pierre piotr pooja pradeep prakash priya rachel rafael rahul rainer raj rajesh
ralf ramon raphael raquel rasmus raul ravi rebecca regina reinhard renate renaud rene ricardo
richard rita robert roberta roberto robin rodrigo roger roland rolf romain roman ronald rosa
rosemary ruben rudiger rudolf rui ruth ryan sabina sabine sabrina salvatore samantha samira samuel
sandra sandrine sanjay santiago sara sarah sascha satoshi scott sean sebastian sebastien sergei
sergey sergio sharon shirley siegfried sigrid silke silvia simon simona simone slawomir sofia
sofie sonia sonja sophia sophie stacy stanislav stefan stefania stefanie stefano steffen stella
stephan stephane stephanie stephen steve steven stuart sunil susan susana susanne suzanne svetlana
sven sylvain sylvia sylvie takashi tamara tanja tatiana teresa theodor theresa thierry thomas
thorsten tiago tiffany timothy tobias tom tomas tomasz torsten tracy ulrich ulrike urs ursula uwe
valentina valerie vanessa vera veronica veronika veronique victoria vijay viktor viktoria vincent
vincenzo viola virginie vivek vladimir volker walter wanda wei wendy werner wilhelm william
wolfgang xavier yannick yasmin yuki yusuf yves yvonne zofia zoe
"""
LEGAL = frozenset(_LEGAL.split())
PARTICLES = frozenset(_PARTICLES.split())  # words of a name that alone name nobody
ASKING = frozenset(_ASKING.split())  # the next word may be a name
CLOSING = frozenset(_CLOSING.split())  # a signature may follow
ORDINARY = frozenset(f"{_ENGLISH} {_INDUSTRY}".split())
SOMETIMES = frozenset(f"{_NAMES_TOO} {_OTHERS}".split())  # ordinary in some language, or names
GIVEN_TOO = frozenset(_GIVEN_TOO.split())  # given names that are words besides
GIVEN_NAMES = frozenset(_GIVEN.split()) - ORDINARY - SOMETIMES


def stem(word: str) -> str:
    """A word without the ending of another form of it, where three letters are left.

    >>> [stem(word) for word in ("deliveries", "delivery", "prices", "pricing", "bus")]
    ['deliver', 'deliver', 'pric', 'pric', 'bus']
    """
    for ending in ("ings", "ies", "ied", "ing", "es", "ed", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
