"""Closed word lists that the rules ask: verbs with their forms, praise, requests. Own lists of common English."""

from __future__ import annotations

_BASE = """
accept achieve act adapt add address adjust administer adopt advise advocate agree align allocate analyse analyze answer
apply appreciate approach arrange ask assemble assess assign assist attend audit author automate avoid award balance
base benchmark book boost brief bump calculate call capture care centralize challenge change chair chase check circulate
clarify clean clear close coach code collaborate collate collect combine commit communicate compare compile complete
compute conduct configure confirm connect consider consolidate consult contact continue contribute convert convince
coordinate copy correct cover create curate customize debug decide define delegate deliver demonstrate deploy design
detect determine develop devise diagnose direct discuss distribute document download draft drop earn edit educate email
enable encourage engage enhance ensure establish estimate evaluate examine expand experiment explain explore extend
extract fill file finalise finalize finish fix focus follow form formulate foster fund gain gather generate grade guide
handle help highlight host identify illustrate implement import improve include incorporate increase influence inform
initiate inspect inspire install instruct integrate interview introduce invent investigate invite involve iterate join
keep label land launch learn limit list listen load log look maintain manage map mark measure meet mentor merge migrate
minimize model moderate modify monitor motivate move name negotiate note obtain offer open operate optimise optimize
orchestrate order organise organize outline overhaul oversee own package participate pass patch perform persuade phase
pick pilot plan port post practice prepare present prevent print prioritise prioritize process produce program
prototype provide publish pull purchase push qualify raise rank rate reach read rearrange rebase receive recommend
record recruit redesign reduce refactor refer refine reflect release relaunch relocate remember remind remove rename
render reorganize repair replace reply report represent reproduce request require research resolve respond restructure
retain return reuse review revise rewrite roll run save scale schedule search secure seek select send separate serve
abandon absorb accelerate accompany accommodate accumulate acknowledge acquire activate adhere adjudicate admit advance
advertise affect aggregate aid alert alleviate alter amend amplify animate annotate anticipate appoint apportion appraise
approve arbitrate archive argue articulate ascertain aspire assert assure attach attain attract augment authorize award back
backport bake ban batch bind blend block blog bolster bond bootstrap bounce branch brainstorm bridge broadcast broaden bundle
cache campaign cancel canvass catalog catalogue categorize cater celebrate certify champion chart chat circle cite claim
classify coauthor co-author co-chair co-lead co-organize cold-call collaborate command comment commission compose compute
conceive conceptualize conclude condense confer conserve consume contract control convene converse convey cook cooperate
counsel count craft critique cross-train crunch cultivate curb cut deepen defend defer delete deliberate delight demo depict
deprecate derive dial differentiate digitize digitise diminish disable discharge discontinue discover dispatch dispense
display disseminate distinguish diversify divide double drill drive dry-run duplicate edit elaborate elect elevate elicit
eliminate email embed embrace empower enact encounter end endorse enforce engineer enlarge enlist enrich enroll ensure
entertain envision equip erase escalate escort evangelize evolve exceed excel exchange exclude execute exercise exhibit
expedite expose facilitate familiarize feed figure finance flag flatten flesh fly focus forecast forge format formalize
forward found free front fuel fulfil fulfill function fundraise further garner gauge govern graduate grant greet grill grind
group halve harden harmonize harness hire hook host hunt ignore illuminate imagine immerse impart impress incentivize
incubate index indicate induct infer infuse ingest inherit initialize innovate inquire instigate institute instrument
insulate intend intensify interact intercept interface interpret intervene inventory invest issue itemize judge juggle
jump kick knit lay layer leverage liaise license lift lighten link lobby localize locate lock lower mail major market
master match maximize mediate memorize mine mirror mitigate mobilize modernize mold mount multiply nail narrate navigate
network nominate normalize nurture nurse observe obviate officiate onboard open-source opt originate outperform outsource
overcome overlap pace pair paint parse partner pay perfect persist personalize photograph pinpoint pioneer pitch pivot place
plant play please plot poll port portray position power precept predict prescribe preserve preside press price procure
profile progress project promise promote prompt proofread propel propose prosecute protect prune publicize pursue quantify
query question quicken race ramp react realign realize rebrand rebuild recalibrate recap recognise recognize recommend
reconcile reconstruct recover rectify recycle redefine redirect redo redraft reengineer refactor refine refresh register
regulate rehabilitate rehearse reimagine reinforce reiterate reject relate relax relay relieve rely remedy remodel render
renew renovate rent reposition rerun reschedule rescue reshape resize respect restock restore restrict result resume retain
retire retrain retrieve retrofit reuse revamp reverse revert revisit revitalize reward rid rotate route sample sanitize
satisfy scan scope score scout screen script scrutinize segment sell serialize service settle shadow shape sharpen shelve
shoot shorten shuffle sign simulate sketch skim slash slice smooth socialize solicit solidify source span spark spearhead
specialize specify spin spread squash stabilise staff stage standardise station steer stimulate stitch strategize stress
stretch strike strip structure style substitute sum supersede supplement surface surpass surface survey sustain swap
synchronize systematize tabulate tackle tag tailor target temper tend terminate thread tie tighten time top tour trace
trade transcribe transform transition transmit transport traverse treat triage trigger trim triple troubleshoot trust
tutor type typeset uncover undergo underline unify unite unlock unpack unpublish unravel unwrap uphold upskill urge
utilise utilize vary vet volunteer vote warn wash watch weave weigh welcome widen wire witness wrangle yield zip
architect automate familiarise dedicate postpone attempt appear prototype
set setup share shift ship show simplify skip solve sort speak speed split sponsor stabilize standardize start state
stop store streamline strengthen study submit succeed suggest summarise summarize supervise supply support survey
switch sync synthesize take talk teach tell test thank think tidy track train transfer transform translate treat try
tune turn unify update upgrade upload use validate verify view visit visualize volunteer wait win work wrap write
""".split()

_IRREGULAR = """
be was been|begin began begun|bring brought|build built|buy bought|catch caught|choose chose chosen|come came|cut cut|
deal dealt|do did done|draw drew drawn|drive drove driven|find found|get got gotten|give gave given|go went gone|
grow grew grown|have had|hold held|keep kept|know knew known|lead led|leave left|make made|meet met|oversee oversaw|
pay paid|put put|read read|rewrite rewrote rewritten|run ran|see saw seen|seek sought|send sent|set set|show showed shown|
speak spoke spoken|spend spent|split split|take took taken|teach taught|tell told|think thought|win won|write wrote written|
understand understood|become became|feel felt|fall fell|overcome overcame|undertake undertook|stand stood|lose lost|
rebuild rebuilt|redo redid redone|rerun reran|reset reset|retake retook|remake remade|sell sold|hit hit|let let|shut shut|cost cost|
hear heard|sit sat|sleep slept|lay laid|lend lent|mean meant|ride rode|rise rose|shake shook|shoot shot|sing sang|sink sank|
stick stuck|strike struck|swim swam|throw threw|wake woke|wear wore|feed fed|fight fought|fly flew|forget forgot|freeze froze|
hide hid|break broke broken|bind bound|bend bent|bid bid|spin spun|spread spread|swing swung|tear tore|uphold upheld|withdraw withdrew|
foresee foresaw|overhear overheard|outdo outdid|mistake mistook|arise arose|bake baked|earn earned|
"""


def _past(verb: str) -> set[str]:
    if verb.endswith("e"):
        return {verb + "d"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb[:-1] + "ied"}
    forms = {verb + "ed"}
    if len(verb) > 2 and verb[-1] in "bdglmnprt" and verb[-2] in "aeiou" and verb[-3] not in "aeiou":
        forms.add(verb + verb[-1] + "ed")
    return forms


def _ing(verb: str) -> set[str]:
    if verb.endswith("e") and not verb.endswith("ee"):
        return {verb[:-1] + "ing"}
    forms = {verb + "ing"}
    if len(verb) > 2 and verb[-1] in "bdglmnprt" and verb[-2] in "aeiou" and verb[-3] not in "aeiou":
        forms.add(verb + verb[-1] + "ing")
    return forms


_IRREGULAR_FORMS = [entry.split() for entry in _IRREGULAR.replace("\n", "").split("|") if entry.strip()]
BASE = frozenset(_BASE) | {forms[0] for forms in _IRREGULAR_FORMS} - {"be"}
PAST = frozenset(p for verb in _BASE for p in _past(verb)) | {f for forms in _IRREGULAR_FORMS for f in forms[1:]}
ING = frozenset(i for verb in BASE for i in _ing(verb))
AMBIGUOUS = frozenset("set put read cut split run come become reset hit let shut cost spread bid".split())
"""Verbs whose base form is also a past form."""

MODAL_WILL = frozenset("will shall 'll gonna".split())
MODAL_DUTY = frozenset("should must needs need ought has-to have-to could might may would can".split())
FIRST = frozenset("i i'm i've i'd i'll my me myself mine".split())
PLURAL = frozenset("we we're we've we'd we'll our us ourselves".split())
SECOND = frozenset("you you're you've you'd you'll your yourself yours".split())
THIRD = frozenset("he she he's she's his her him hers himself herself they they're they've their them".split())

PRAISE = frozenset(
    """great excellent amazing awesome outstanding impressive impressed fantastic wonderful brilliant superb terrific
    exceptional exceptionally remarkable strong stellar solid nice love loved enjoy enjoyed enjoyable pleasure thank
    thanks grateful helpful kind patient thoughtful dedicated dedication passionate passion talented skilled skillful
    reliable dependable trust trusted trustworthy positive admire admirable appreciate appreciated incredibly incredible
    always best better clean clear clearly elegant neat beautiful beautifully thorough thoroughly asset joy caring gifted
    supportive hardworking diligent professional knowledgeable approachable highly recommend confident insightful
    invaluable valuable delight lucky privilege fun friendly perfect well-organized organized congratulations congrats
    bravo kudos good well effective effectively creative curious engaging inspiring commitment committed respect easy
    respected integrity leader willing willingness eager ability able excels excel strength strengths""".split()
)
LACK = frozenset(
    """but however although should could would improve improvement improving better more less lack lacks lacking missing
    unclear confusing hard difficult suggest suggestion recommend advice maybe perhaps try consider instead rather need
    needs wish hope hoping growth grow opportunity opportunities challenge challenges struggle struggled focus continue
    work-on nit please consistent inconsistent avoid prefer unnecessary redundant remove rename""".split()
)
GROUP = frozenset("all everyone everybody team members group we tbd tba both students".split())
"""Owners that are nobody in particular."""
