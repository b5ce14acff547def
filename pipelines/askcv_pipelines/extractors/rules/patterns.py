"""The phrases that the rules look for, as patterns: how people ask, report, praise, and name what they did."""

from __future__ import annotations

import re

_I = re.IGNORECASE
REQUEST = re.compile(
    r"\b(?:please|pls|could (?:you|we)|can (?:you|we)|should(?:n't| not)?|would (?:be|it be|you)|wouldn't|maybe|"
    r"perhaps|prefer|let's|let us|nit(?:pick)?|instead|why not|how about|needs? to (?:be)?|i'd|suggest|recommend|"
    r"typo|should be|what about|do (?:we|you) (?:really |still )?need|(?:is|are) (?:this|it|these|that) (?:really "
    r"|still )?(?:needed|necessary|required)|rather than|instead of|can just|could just|rebase|same (?:here|as "
    r"above|comment)|s/[^/\s]+/[^/]*/|needs|would prefer|i'd rather|can be \w+ed|can be (?:removed|dropped|"
    r"simplified|replaced|moved)|could be|any chance|any reason|not sure|don't (?:need|think|forget)|do not|avoid|"
    r"wrong|better|best to|consider|worth|make sure|we may as well|you (?:can|might|may|need|want|should)|you'll "
    r"want|have a look|i (?:would(?! have)|think|wonder|'d)|wondering)\b",
    _I,
)
DEFECT = re.compile(
    r"\b(?:missing|unneeded|unnecessary|redundant|extra|stray|unused|unrelated|inconsistent|indentation|"
    r"misleading|confusing|there (?:isn't|is no|are no|are very few)|doesn't|does not|isn't|not clear|unclear|"
    r"(?:will|would|could|can|might) (?:panic|crash|fail|break|leak|throw|overflow|deadlock)|won't work|crashes|"
    r"panics|breaks|fails|shadows|should not|too (?:long|many|much|low|small)|no need|pointless|duplicat\w+|leak|"
    r"race|bug|broken|overkill)\b",
    _I,
)
PRAISES = re.compile(
    r"\W*(?:(?:this|that|it) (?:is|was|looks) |what |such |really |very |an? |also |wow,? )*"
    r"(?:great|nice|good|excellent|lovely|clever|neat|elegant|beautiful|brilliant|awesome|amazing|fantastic|superb|"
    r"impressive|wonderful|solid)\b(?! (?:to|if|for|enough|point))"
    r"(?!.{0,60}\b(?:but|though|however|could you|please)\b)",
    _I,
)
BARE_WHY = re.compile(
    r"\W*(?:why|what|who|where|when|how come|is (?:this|that|it)|are (?:these|those)|does|do|did|was)\b",
    _I,
)
DESCRIBES = frozenset(
    "adds fixes implements introduces removes refactors moves makes replaces allows updates changes adapts "
    "switches simplifies improves supports extends splits converts enables drops".split()
)
NOW = re.compile(
    r"\b(?:now|so far|i've|i have|learned|turns? out|it turned out|has been|have been|was (?:incorrect|wrong|"
    r"missing|added))\b",
    _I,
)
CHANGE = re.compile(
    r"^this (?:adds|fixes|implements|introduces|removes|makes|moves|refactors|replaces|allows|changes)\b|"
    r"\b(?:this|the) (?:patch|pr|pull request|change|commit|series|mr)\b[^.]{0,40}?\b(?:adds?|fix\w*|implements?|"
    r"introduces?|removes?|makes?|refactors?)\b",
    _I,
)
EMPTY_REPLY = re.compile(
    r"\W*(?:done|fixed|ok(?:ay)?|ack|agreed|thanks?(?: you)?|sure|yes|no|rebased|will do|lgtm|resolved|updated|"
    r"good (?:point|catch)|right|same here|(?:concept |approach |code review |tested |ut|t|"
    r"re-?)?n?ack\b[\w\s]{0,45})\b[^a-z]*\Z",
    _I,
)
COMMIT = re.compile(
    r"\bi(?:'ll| will|'m going to| am going to| plan to| want to| hope to| would like to| need to| intend to|'d "
    r"like to)\b",
    _I,
)
FUTURE = re.compile(
    r"\b(?:i|we|she|he|they) (?:also |really |do |now )?(?:hope|plan|intend|want|aim|wish|would like|would love|"
    r"will|am going|are going|look forward|am looking forward|can't wait)\b|\bi(?:'d like|'d love|'ll|’ll|’d "
    r"like)\b|\bmy (?:goal|plan|aim) is\b",
    _I,
)
WISH = re.compile(
    r"\b(?:coming (?:years?|months?|term)|next (?:mod|module|year|quarter|half|term|semester|time|week|steps?)|in "
    r"(?:the )?future|going forward|my goal|goal is|plan to|hope to|aim to|work on|working on|improve|"
    r"focus(?:ing)? (?:more )?on|continue to)\b",
    _I,
)
ADVICE = re.compile(
    r"\bthings? to (?:work on|improve|watch)\b|\broom (?:for improvement|to grow)\b|"
    r"\b(?:should|could|would (?:like|love|encourage|suggest|recommend|benefit)|encourage (?:you|him|her|them)|"
    r"recommend|suggest(?:ion|ed)?|advice|advised?|area (?:of|for)|opportunity to|needs? to|try (?:to|and)|be "
    r"(?:more|less)|don't (?:be|forget)|remember to|keep (?:working|practicing|pushing))\b",
    _I,
)
HIRED = re.compile(
    r"\b(?:work(?:ed|ing|s)? (?:as|for|at)|internship (?:at|with)|intern(?:ed|ing)? (?:at|for|with)|joined|employed "
    r"(?:by|at|as)|served (?:as|both as)|took (?:a|the|on a) (?:new )?(?:role|position|job)|(?:new|current|"
    r"previous) (?:role|position|job)|moved into (?:a|the|an)|promoted to|hired|appointed|(?:was|am|is|been) "
    r"(?:an?|the) (?:\w+ ){0,4}(?:engineer|developer|manager|assistant|analyst|lead|teacher|instructor|intern|"
    r"nurse|librarian|consultant|designer|director|officer|architect|scientist|researcher|lecturer|chef|"
    r"technician|coordinator|administrator)|(?:assigned to|role as|position (?:as|of)|job (?:as|at)|career at)|i "
    r"teach|teaches at|taught at)\b|"
    r"\b(?:google summer of code|gsoc|outreachy)\b(?=.{0,30}\b(?:19|20)\d\d\b|.{0,80}\b(?:intern|contributor|"
    r"mentee)\b)|"
    r"\b(?:intern|contributor|mentee|participant|selected|accepted)\b.{0,60}\b(?:google summer of code|gsoc|"
    r"outreachy)\b",
    _I,
)
EMPLOYER = re.compile(
    r"\bjoined (?:the )?[*_\"“]*[A-Z]|\b(?:GSoC|Google Summer of Code|Outreachy)\b|\b(?:in|at|for) (?:my|our|"
    r"this) (?:clinic|lab|laboratory|company|hospital|school|office|practice|restaurant|kitchen|team|firm|"
    r"department)\b|\b(?:at|for|with|in|by) (?:the )?[*_\"“]*[A-Z][\w&.'’-]+|\b(?:19|20)\d\d\b",
)
STUDY = re.compile(
    r"\b(?:ph\.?d|bachelor|master'?s|b\.?sc|m\.?sc|b\.?a\b|mba|degree|diploma|university|college|graduat\w+|boot "
    r"?camp|major(?:ed|ing)?|gpa|admitted|accepted (?:for|to|into))",
    _I,
)
CERTIFICATE = re.compile(
    r"\b(?:certificat\w+|certified|licen[cs]e[ds]?|accredit\w+|nanodegree|credential|badge|nclex|bls|acls|cpr)\b",
    _I,
)
GOT = re.compile(
    r"\b(?:got|earned|obtained|received|passed|completed?|finished|achieved|awarded|gained|won(?!['’]t)|became|am|"
    r"is|hold|"
    r"holds|attained)\b",
    _I,
)
AWARD = re.compile(
    r"\b(?:became (?:the )?(?:lead|head|senior|chief)|award(?:ed)?|prize|won(?!['’]t)|winner|honou?r(?:ed)?|"
    r"recogni[sz]ed "
    r"(?:as|with|by|for)|employee of the|scholarship|fellowship|grant|nominat\w+|promot(?:ed|ion)|finalist|medal|"
    r"tenure|distinction|elected)\b",
    _I,
)
PUBLISHED = re.compile(
    r"\b(?:(?:gave|gives|given|delivered|presented|did) (?:an?|the|my|his|her|two|three|several) (?:\w+ "
    r"){0,4}(?:talks?|keynote|paper|poster|presentation|webinar)|keynote|spoke (?:at|about)|presented "
    r"[\"“][^\"”]+[\"”] (?:at|to)|presented (?:at|\w+ at)|published (?:an?|the|my|in|on|his|her|two|three)|"
    r"co-?author\w*|wrote (?:an? |my |the |several |two )?(?:\w+ ){0,3}(?:blog(?: ?posts?)?|article|paper|book|"
    r"about|post)|blog(?:ged| ?post) (?:about|on)|guest on|podcast|(?:paper|article|chapter) (?:was |has been "
    r")?(?:published|accepted|appeared))\b",
    _I,
)
CITATION = re.compile(r"^[A-Z][\w'’-]+, [A-Z]\.?[^()]{0,120}\((?:19|20)\d\d[^)]{0,20}\)\.? .{15,}")
PROJECT = re.compile(
    r"\b(?:project|(?:built|build|create[d]?|develop(?:ed)?|launch(?:ed)?|deliver(?:ed)?) (?:a|an|the|our|my) "
    r"(?:new )?[\w\"“*-]+|app(?:lication)?|platform|prototype|capstone|assignment|game|site|website|library|tool|"
    r"driver|package|plugin|initiative|program(?:me)?)\b",
    _I,
)
AIM = re.compile(
    r"\b(?:(?:object(?:ive)?|goal|purpose|aim|motivation|idea) (?:of|behind|for) (?:this|the)|this (?:project|"
    r"assignment)|project (?:was|is|that|called|named)|worked on|working on|was to (?:build|create|develop))\b",
    _I,
)
SIGNED = re.compile(r"\s[–—-]{1,2}\s*[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3}(?:,? \(?[\w ,]{3,40}\)?)?\W*\Z")
LEARNED = re.compile(
    r"\b(?:learn(?:ed|t|ing)|realized|realised|discovered|found (?:that|out)|taught me|lesson|takeaway|understood|"
    r"gained (?:\w+ ){0,3}(?:experience|understanding|knowledge))\b",
    _I,
)
OUTCOME = re.compile(
    r"\b(?:resulted|resulting|increas\w+|reduc\w+|improved|saved|saving|enabled|allowing|leading to|successful\w*|"
    r"achiev\w+|complet\w+|deliver\w+|launched|released|shipped|implemented|created|built|developed|designed|led|"
    r"organi[sz]ed|introduced|solved|fixed|migrated|automated|managed|established|wrote|taught|mentored|trained)\b",
    _I,
)
TRAIT = re.compile(
    r"\b(?:(?:is|was|has been|are|'s) (?:\w+ ){0,4}(?:\w+ful|\w+ive|\w+ent|\w+ant|\w+able|\w+ous|patient|kind|"
    r"skilled|talented|great|good|excellent|dedicated|driven|motivated|organized)|ability to|knack for|always|"
    r"never (?:fails|hesitates)|pleasure|passion|a (?:great|true|real|valuable|strong|natural|rare)|(?:i|we) "
    r"(?:love[ds]?|enjoy(?:ed)?|appreciate[ds]?|admire[ds]?|trust(?:ed)?|like[ds]?)|thank)\b",
    _I,
)
PLEASANTRY = re.compile(
    r"\W*(?:thank(?:s| you)\W*(?:\w+\W*){0,3}|sincerely|best|regards|please feel free|if you have any|i am "
    r"writing|this letter|it is (?:with|my)|i am (?:delighted|pleased|happy|writing|honou?red)|it is my|have a "
    r"(?:lovely|nice|good|great)|i would (?:also )?like to thank|special thanks)\b",
    _I,
)
HARD = re.compile(
    r"\b(?:but|however|although|unfortunately|struggle[ds]?|difficult|hard(?:er)? (?:to|for)|not (?:enough|yet)|"
    r"still|didn't|couldn't|wasn't|failed)\b",
    _I,
)
INSTRUCTION = re.compile(
    r"\W*(?:please (?:describe|list|provide|include|answer)|answer the|describe|list (?:your|any|the)|include|"
    r"provide|how (?:did|do|well|would)|what (?:are|is|did|do)|rate|discuss|explain)\b",
    _I,
)
ELLIPTIC = re.compile(
    r"\W*(?:(?:also|then|still|so|and|now) )*(?:will|need(?:s)? to|must|should|have to|has to|plan(?:ning)? to|"
    r"going to|want to|"
    r"to-?do:?|next:)\s",
    _I,
)
"""Notes to oneself: "Also need to ask about the lens"."""
PLEDGED = re.compile(
    r"\b(?:agreed|volunteered|offered|promised|undertook|committed|(?:was|is|are|were|been) (?:asked|tasked|"
    r"assigned)) to\b",
    _I,
)
TO_DO = re.compile(
    r"\b(?:will|to|should|must|shall|needs? to|going to|agreed to|is to|asked|ask|volunteered|offered|'ll|can you|"
    r"action)\b",
    _I,
)
PROJECTS = re.compile(r"\bprojects?\b", _I)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
WISHED = re.compile(
    r"\b(?:will|want|plan(?:s|ning)?|hope|goal|would|should|could|going to|aim|intend|apply(?:ing)?|"
    r"next (?:year|month|week|term|semester|quarter|step|goal)|prepar(?:e|ing) (?:for|to)|study(?:ing)? for|"
    r"pursue)\b",
    _I,
)
STUDENTS = re.compile(r"\b(?:students|candidates|graduates|undergraduates|interns|RAs)\b", _I)
"""Other people who study."""
STUDIED = re.compile(
    r"\b(?:(?:got|earned|has|have|holds?|received|completed?|finished|obtained|did) (?:a|an|his|her|their|my|the) "
    r"[^.]{0,40}(?:degree|bachelor|master|ph\.?d|diploma|b\.?sc|m\.?sc|mba)|graduated|stud(?:y|ied|ying) (?:at|"
    r"in)|enrolled|(?:accepted|admitted) (?:for|to|into)|attend(?:ed|ing)|degree (?:in|from)|majored|went to|"
    r"(?:degree|bachelor|master|ph\.?d|diploma|ml?is|mba|b\.?s\.?n)\b[^.]{0,60}\b(?:from|at)\b|program(?:me)? at|"
    r"boot ?camp with|student at)\b",
    _I,
)
TAUGHT = re.compile(r"\b(?:professor|taught|teach\w*|lectur\w+|event|held|meeting)\b", _I)
RECEIVED = re.compile(
    r"\b(?:received?|won(?!['’]t)|awarded|promoted|recogni[sz]ed|named|became|selected|honou?red|earned|got|finalist|"
    r"winner|elected|nominated)\b",
    _I,
)
BOOKS = re.compile(r"\b(?:read|reading|attended|watched|listened)\b", _I)
