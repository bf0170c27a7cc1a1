"""Words that say little, by language: those that only hold a sentence together, and those that any training uses.

Tables to be extended by a word. They are compared as `words.fold` leaves them: accents and case do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Words without a subject of their own: they weigh nothing.
STOP_WORDS: Final[Mapping[str, str]] = {
    "en": """a about after all also an and any are as at be been before but by can do does don't for from get has
        have her his how i if in into is it its just last many me more most much my new no not now
        of off on once one only or other our out over own s so some still such t than that the their
        them then there these they this those through to together too two under up us very was we
        what when where which who why will with without you your""",
    "de": """ab aber alle allem allen aller alles als also am an auch auf aus bei beim bis da damit dann das dass
        dem den der des die dies diese dieser dieses doch du durch ein eine einem einen einer eines
        er es euch fur gegen haben hat hier ich ihr ihre im in ins ist ja jede jeder jedes kann kein
        keine man mehr mein mich mir mit nach neu neue neuen neuer neues nicht noch nur ob oder ohne
        richtig sein seine sich sie sind so uber um und uns unser unsere unter vom von vor war warum
        was wenn wer werden wie wir wird wo zu zum zur zwischen""",
    "fr": """a afin ai au aucun aux avec bien ce ces cet cette chez comment comme d dans de des donc du elle
        elles en entre est et eux il ils j je l la le les leur leurs lors lui ma mais meme mes mieux
        mon n ne nos notre nous nouveau nouveaux nouvelle nouvelles on ont ou par pas plus pour
        pourquoi qu quand que quel quelle quels qui s sa sans se ses si son sont sous sur ta tes toi
        ton tous tout toute toutes tres tu un une vers vos votre vous y""",
    "es": """a al como con cual de del desde donde el ella ellos en entre es esta este esto la las lo los mas mi
        muy no nos nuestro nueva nuevo o para pero por que se sin sobre su sus tu un una uno y ya""",
    "it": """a ad ai al alla alle anche che chi come con da dal dalla dei del della delle di e ed fra gli ha i il
        in io la le lo ma mio nei nel nella noi non nuova nuovo o per piu quando se si sono su sul
        sulla tra tu un una uno""",
    "nl": """aan al als bij dan dat de den der die dit door een en er haar had heb hem het hij hoe hun ik in is
        je kan maar me meer met mijn na naar niet nieuw nieuwe nog nu of om onder ons ook op over te
        tegen toch toen tot u uit uw van veel voor waar wat we wel wie wij worden zal ze zich zijn
        zo""",
    "pt": """a ao aos as com como da das de do dos e ela ele em entre esta este eu mais mas meu na nao nas no nos
        nossa nosso nova novo o os ou para pela pelo por que quem se sem seu sua um uma""",
}

#: Words of training as such: that something is an introduction says nothing of into what. They weigh next to nothing.
WORDS_OF_TRAINING: Final[Mapping[str, str]] = {
    "en": """academy advanced annual assessment attempt avoid avoiding awareness basic basics beginner beginners
        best better bite brief briefing build building business case certificate certification
        chapter choose choosing class clinic company course create creating day days deep
        demonstration develop developing discovery dive edition effective elearning essential
        essentials evening event every everybody everyday everyone everything exam excellence
        exercise experience expert final first foundation foundations fundamental fundamentals
        getting good guide handle handling hour hours how hybrid improve improving intermediate
        intro introduction introductory kickoff know learn learning lecture lesson level live made
        manage management manager managing manual masterclass minute minutes modern module morning
        online overview page part path people practical practice practices prepare preparing primer
        principle principles program programme quick quiz recognise recognising recognize recording
        refresher review safe safely second seminar series session short skill skills start started
        starter step steps successful successfully summary taster team test third tip tips topic
        training try tutorial understand understanding unit update use using version video virtual
        way ways webinar week work working workplace workshop world write year years""",
    "de": """abend abschluss aktuell alltag anfanger anwenden arbeit arbeiten arbeitsplatz aufbau aufbaukurs
        auffrischung basis basiswissen benutzen bereich betrieb einfach einfuhrung einheit
        einsteiger einstieg entwickeln erfolgreich erkennen erste erstellen erster fachtag folge
        fortbildung fortgeschrittene fortgeschrittenen gross grundkurs grundlagen intensiv jahr
        jahrlich kapitel klein kompakt kurs kurz lehrgang leicht leitfaden lektion lernen lernpfad
        lernprogramm management minuten mitarbeitende mitarbeitenden mitarbeiter mitarbeiterin
        moderne moderner modul nachmittag nutzen pflicht praktisch praxis prufung schritt schulung
        schulungen seminar sicher sitzung stufe stunde stunden tag tage team teil teilnahme thema
        tipps training uberblick ubung umgang unternehmen unterweisung veranstaltung verbessern
        vermeiden verstehen vertiefung vorbereiten vortrag weiterbildung wiederholung wissen woche
        zertifikat zweite""",
    "fr": """ameliorer annee annuel apprendre approfondissement atelier avance base bases bonne bonnes capsule
        certification chapitre classe collaborateur collaborateurs comprendre conference cours creer
        cycle debutant debutants decouverte decouvrir demarrer developper entreprise equipe
        essentiel essentiels etape evaluation eviter examen exercice expert face fiche fonction
        fonctions fondamentaux formation formations gerer gestion guide heure initiation
        intermediaire introduction jour journee jours lecon matinee minutes mise module modules
        niveau nouveautes parcours partie perfectionnement pratique pratiques premier premiere
        premiers preparer prise quotidien rappel reconnaitre reussir savoir seance semaine seminaire
        social sociale stage test theme travail tutoriel unite utiliser video webinaire""",
    "es": """avanzado basico clase conceptos curso cursos equipo examen formacion gestion guia hora inicial
        introduccion jornada leccion modulo nivel parte practica practico primeros seminario sesion
        taller tema trabajo unidad""",
    "it": """avanzato base corso corsi esame formazione gestione giornata guida introduzione laboratorio lavoro
        lezione livello modulo ora parte pratica primo seminario sessione tema unita""",
    "nl": """basis beginners cursus deel gevorderden herhaling inleiding introductie jaar les module niveau
        oefening onderdeel opleiding praktijk sessie stap team training uur werk workshop""",
    "pt": """avancado aula basico conceitos curso equipe exame formacao gestao guia hora introducao licao modulo
        nivel oficina parte pratica sessao tema trabalho unidade""",
}

#: Behind these stands for whom something is, or where: it says less of what it is about.
ASIDES: Final = "for at in on für bei im am an beim pour en à au aux chez dans para en per in a voor op"

#: Endings that words of one family differ in: `meter`, `metering`; `Pumpe`, `Pumpen`; `négocier`, `négociation`.
ENDINGS: Final = """
    e s n es en er ern em ers est ed ing ings ion ions ung ungen or ors ment ments ement ements ant ante ants ance
    ence eur eurs euse age ages al als ale aux ally ive if y ies ir in innen lich isch ique iques ic ics ation
    ations ity ite itat ties ty ship ership sis se ses tic tics tique st sten ere iere ee ees ability able ist
    ists iste istes x ling ographie ography igung ier ierung ieren ate ates ator atoren ateur"""

#: What is no learning though it is done on the same platforms: the phrase, whether it ends a name ("end"), begins it
#: ("start") or stands anywhere in it, and what a rule would say. Land surveys and survey methods are learning.
NO_LEARNING: Final[tuple[tuple[str, str, str], ...]] = (
    ("survey", "end", "a survey, not learning"),
    ("questionnaire", "end", "a survey, not learning"),
    ("poll", "end", "a survey, not learning"),
    ("umfrage", "end", "a survey, not learning"),
    ("mitarbeiterbefragung", "anywhere", "a survey, not learning"),
    ("fragebogen", "end", "a survey, not learning"),
    ("sondage satisfaction", "anywhere", "a survey, not learning"),
    ("enquête satisfaction", "anywhere", "a survey, not learning"),
    ("encuesta", "start", "a survey, not learning"),
    ("course evaluation", "anywhere", "an evaluation of training, not learning"),
    ("course feedback", "anywhere", "an evaluation of training, not learning"),
    ("feedback form", "anywhere", "an evaluation of training, not learning"),
    ("kursbewertung", "anywhere", "an evaluation of training, not learning"),
    ("seminarbewertung", "anywhere", "an evaluation of training, not learning"),
    ("feedbackbogen", "anywhere", "an evaluation of training, not learning"),
    ("évaluation formation", "anywhere", "an evaluation of training, not learning"),
    ("please ignore", "anywhere", "a trial of the platform, not learning"),
    ("bitte ignorieren", "anywhere", "a trial of the platform, not learning"),
    ("ne pas utiliser", "anywhere", "a trial of the platform, not learning"),
    ("test course", "start", "a trial of the platform, not learning"),
    ("testkurs", "start", "a trial of the platform, not learning"),
    ("cours test", "start", "a trial of the platform, not learning"),
    ("sandbox course", "anywhere", "a trial of the platform, not learning"),
    ("lorem ipsum", "anywhere", "a trial of the platform, not learning"),
    ("attendance list", "anywhere", "a list of who was there, not learning"),
    ("anwesenheitsliste", "anywhere", "a list of who was there, not learning"),
    ("feuille émargement", "anywhere", "a list of who was there, not learning"),
)
