"""Closed word lists that the rules ask: verbs with their forms, praise, requests. Own lists of common English."""

from __future__ import annotations

_BASE = """
absorb accelerate accept accommodate accumulate achieve acquire act activate adapt add address adhere adjudicate
adjust administer admit adopt advertise advise advocate agree align alleviate allocate amend amplify analyse analyze
annotate answer anticipate apply appoint appraise appreciate approach arbitrate architect arrange articulate ascertain
ask assemble assert assess assign assist attach attain attend audit author authorize automate avoid award backport
balance base benchmark bolster book boost brainstorm brief bump calculate call capture care catalogue categorize
celebrate centralize certify chair challenge change chase check circulate clarify classify clean clear close co-
organize coach coauthor code collaborate collate collect combine commit communicate compare compile complete compose
compute conceive conceptualize conclude condense conduct configure confirm connect consider consolidate consult
contact continue contribute convene convert convey convince cook cooperate coordinate copy correct counsel cover
create cultivate curate customize debug decide dedicate defer define delegate delete deliberate deliver demonstrate
deploy deprecate derive design detect determine develop devise diagnose differentiate digitise digitize diminish
direct discover discuss display disseminate distinguish distribute diversify document download draft drop earn edit
educate elaborate elect elevate eliminate email embed empower enable enact encounter encourage engage enhance enrich
enroll ensure entertain equip erase escalate establish estimate evaluate evangelize examine exceed expand expedite
experiment explain explore expose extend extract facilitate familiarise familiarize file fill finalise finalize finish
fix flatten focus follow form formalize formulate foster fulfil fulfill fund fundraise gain garner gather generate
grade guide handle harden harmonize help highlight host identify illuminate illustrate implement import improve
incentivize include incorporate increase incubate indicate influence inform ingest inherit initialize initiate
innovate inspect inspire install instigate instill instruct insulate integrate intend intensify interpret interview
introduce invent invest investigate invite involve itemize iterate join judge keep label land launch learn leverage
liaise lighten limit list listen load localize locate log look maintain manage map mark maximize measure mediate meet
memorize mentor merge migrate minimize mitigate mobilize model moderate modernize modify monitor motivate move name
narrate navigate negotiate nominate normalize note nurture obtain obviate offer officiate onboard open operate
optimise optimize orchestrate order organise organize originate outline outperform overcome overhaul oversee own
package participate pass patch perform personalize persuade phase pick pilot pioneer plan port post postpone practice
precept predict prepare prescribe present preserve prevent print prioritise prioritize process procure produce program
proofread propose prototype provide publicize publish pull purchase pursue push qualify quantify raise ramp rank rate
reach read realign realize rearrange rebase rebrand rebuild recalibrate receive recognise recognize recommend
reconcile reconstruct record recover recruit rectify recycle redefine redesign redirect redraft reduce reengineer
refactor refer refine reflect refresh register regulate rehabilitate rehearse reimagine reinforce reiterate reject
relaunch release relieve relocate remedy remember remind remodel remove rename render renovate reorganize repair
replace reply report reposition represent reproduce request require reschedule research reshape resize resolve respond
restock restore restrict restructure resume retain retire retrain retrieve retrofit return reuse revamp reverse revert
review revise revisit revitalize rewrite roll rotate run sanitize save scale schedule scrutinize search secure seek
select send separate serialize serve set setup share sharpen shift ship show simplify simulate skip socialize solicit
solidify solve sort speak spearhead specialize specify speed split sponsor squash stabilise stabilize standardise
standardize start state steer stimulate stop store strategize streamline strengthen study submit succeed suggest
summarise summarize supervise supply support surpass survey sustain switch sync synchronize synthesize systematize
tabulate tackle take talk teach tell terminate test thank think tidy track train transfer transform translate transmit
treat triage troubleshoot try tune turn undergo unify unpublish update upgrade uphold upload upskill use utilise
utilize validate verify view visit visualize volunteer wait weave widen win work wrangle wrap write
""".split()

_IRREGULAR = """
be was been | begin began begun | bring brought | build built | buy bought | catch caught | choose chose
chosen | come came | cut cut | deal dealt | do did done | draw drew drawn | drive drove driven | find found |
get got gotten | give gave given | go went gone | grow grew grown | have had | hold held | keep kept | know
knew known | lead led | leave left | make made | meet met | oversee oversaw | pay paid | put put | read read |
rewrite rewrote rewritten | run ran | see saw seen | seek sought | send sent | set set | show showed shown |
speak spoke spoken | spend spent | split split | take took taken | teach taught | tell told | think thought |
win won | write wrote written | understand understood | become became | feel felt | fall fell | overcome
overcame | undertake undertook | stand stood | lose lost | rebuild rebuilt | redo redid redone | rerun reran |
reset reset | retake retook | remake remade | sell sold | hit hit | let let | shut shut | cost cost | hear
heard | sit sat | sleep slept | lay laid | lend lent | mean meant | ride rode | rise rose | shake shook |
shoot shot | sing sang | sink sank | stick stuck | strike struck | swim swam | throw threw | wake woke | wear
wore | feed fed | fight fought | fly flew | forget forgot | freeze froze | hide hid | break broke broken |
bind bound | bend bent | bid bid | spin spun | spread spread | swing swung | tear tore | uphold upheld |
withdraw withdrew | foresee foresaw | overhear overheard | outdo outdid | mistake mistook | arise arose | bake
baked | earn earned
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


IRREGULAR = [entry.split() for entry in _IRREGULAR.split("|") if entry.strip()]
BASE = frozenset(_BASE) | {forms[0] for forms in IRREGULAR} - {"be"}
PAST = frozenset(p for verb in _BASE for p in _past(verb)) | {f for forms in IRREGULAR for f in forms[1:]}
FINITE = frozenset(forms[1] for forms in IRREGULAR if len(forms) > 2) | frozenset("fell rose had were".split())
"""Past forms that are never participles: where one stands, it is the verb of its sentence."""
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
    """
    generous rigorous funny unmatched unparalleled sincere honest humble genuine warm calm compassionate
    resourceful articulate innovative visionary tireless energetic enthusiasm enthusiastic consummate exemplary
    indispensable treasure gem delightful bright sharp wise intelligent competent capable qualified accomplished
    prolific eloquent courteous gracious cheerful great excellent amazing awesome outstanding impressive impressed
    fantastic wonderful brilliant superb terrific exceptional exceptionally remarkable strong stellar solid nice
    love loved enjoy enjoyed enjoyable pleasure thank thanks grateful helpful kind patient thoughtful dedicated
    dedication passionate passion talented skilled skillful reliable dependable trust trusted trustworthy positive
    admire admirable appreciate appreciated incredibly incredible always best better clean clear clearly elegant
    neat beautiful beautifully thorough thoroughly asset joy caring gifted supportive hardworking diligent
    professional knowledgeable approachable highly recommend confident insightful invaluable valuable delight
    lucky privilege fun friendly perfect well- organized organized congratulations congrats bravo kudos good well
    effective effectively creative curious engaging inspiring commitment committed respect easy respected
    integrity leader willing willingness eager ability able excels excel strength strengths
    """.split()
)
LACK = frozenset(
    """
    but however although should could would improve improvement improving better more less lack lacks lacking
    missing unclear confusing hard difficult suggest suggestion recommend advice maybe perhaps try consider
    instead rather need needs wish hope hoping growth grow opportunity opportunities challenge challenges struggle
    struggled focus continue work-on nit please consistent inconsistent avoid prefer unnecessary redundant remove
    rename
    """.split()
)
GROUP = frozenset("all everyone everybody team members group we tbd tba both students".split())
"""Owners that are nobody in particular."""
