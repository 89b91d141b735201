"""Rows of the hint table: neglect, being alone, and needs."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

ROWS: Final[tuple[Rule, ...]] = (
    says(
        "neglect",
        "neglect",
        "Food, care or a guardian is kept from a child.",
        "bỏ đói; bỏ mặc; (không|chẳng|ko) ai (trông|chăm|chăm sóc|lo|quan tâm|cho ăn|nấu cơm|trông nom|nuôi); không (được)? (cho)? (ăn uống|ăn cơm|đi khám|đi viện|đi học) .. ; không (cho|chịu cho) .. (ăn|đi học|đi khám|uống thuốc); không đưa đi khám; để .. (ở nhà|ở trọ|trong nhà|trong phòng) một mình;"
        "bỏ .. (ở nhà|trong phòng|trong nhà) .. (một mình|cả ngày); (ở|ở nhà|nhà) một mình .. (em|cháu|bé|con|#6 tuổi|khóa); (ở trong|trong) .. (phòng|nhà) .. một mình; (bố mẹ|ba mẹ|mẹ|bố) .. (đi suốt|bỏ bê|không về|chẳng ngó|không quan tâm|không nuôi) .. (con|cháu|em|ai)?; bỏ bê;"
        "(không có|thiếu|chẳng có) (gì)? (ăn|cơm|sữa|quần áo|gạo); lang thang; rách rưới; suy dinh dưỡng; xao nhãng",
        "(left|leaves|leave|leaving) .. (alone|unattended|by themselves|by himself|by herself|on their own); neglected; neglect; neglects; no food; starving; starves; not (fed|feeding|being fed); (never|not) (feed|feeds) <him>; nobody (looks after|takes care|feeds|cares for); hungry; unwashed; not taken to .. (doctor|hospital)",
        without="trốn cửa rõ",
    ),
    asks(
        "neglect.maybe",
        "neglect",
        "Parents away may mean that nobody cares for the child.",
        "(mẹ|bố|ba|bố mẹ|mẹ con|bố con|bố cháu|mẹ cháu|mẹ em|bố em) bỏ (đi|nhà); (bố mẹ|mẹ|bố|ba mẹ) .. (đi suốt|đi vắng|đi tù|nghiện); không (đến|tới) đón; nghiện .. (ma túy|rượu|game)",
        "(mother|father|parents|mum|mom|dad) .. (left us|gone for days|drug|drugs|addict|never home)",
    ),
    says(
        "needs",
        "unmet_basic_needs",
        "No food, no medical care, or no home to live in now.",
        "bỏ đói; (không có|chẳng có|hết|thiếu) (gì)? .. (ăn|cơm|gạo|sữa); (bị|nhịn|để) đói; không (được)? cho .. (ăn|uống thuốc|đi khám|đi viện); không .. được (đi khám|đi viện|ăn|chữa bệnh|chữa trị|khám); không (đưa|cho) .. (đi khám|đi viện|chữa|khám); (nhà|mái) .. (sập|dột nát|không ở được); nhịn ăn; suy dinh dưỡng; không có (nhà|chỗ) ở",
        "no food; (nothing|not enough) to eat; starving; starved; hungry; (won't|will not|refuse|refuses|refused) .. (doctor|medicine|hospital|treatment); no (medicine|medical care|home|place to live|water|heating); homeless; not (been)? fed; malnourished",
        without="giảm_cân",
    ),
    asks(
        "needs.maybe",
        "unmet_basic_needs",
        "No home for now.",
        "(ngủ|sống|ở) .. (gầm cầu|vỉa hè|ngoài đường|bến xe|công viên)",
        "sleeping (rough|outside|on the street)",
    ),
    says(
        "alone",
        "alone_now",
        "The child is by itself now.",
        "(đang|hiện|giờ|bây giờ|còn) .. (ở|ở nhà|trong nhà|nhà|ngủ|trong .. ) một mình; (ở|ở nhà|trong nhà|nhà|trong phòng|phòng trọ) (có)? (một mình|mình ên); một mình .. (trong nhà|ở nhà|trong phòng|với em|giữa đường|ngoài đường|ban đêm|từ sáng); (cháu|bé|em|trẻ) .. một mình .. (cửa khóa|khóc); không có ai ở (nhà|cùng|bên); không người lớn nào",
        "(home|left|all|leaves .. |is|am|are) alone; by (himself|herself|myself|themselves); on (his|her|my|their) own; no adult",
        without="thầy cô_giáo ở_lại sống_một_mình",
    ),
    says(
        "abandoned",
        "abandoned abandonment",
        "A child left for good, or a foundling.",
        "bị bỏ rơi; bỏ rơi (con|cháu|bé|trẻ|em); (trẻ|bé|em bé|cháu|bé trai|bé gái) .. (sơ sinh|bị bỏ) .. (trước cổng|trong giỏ|thùng rác|trong thùng|ven đường|bãi rác|cổng chùa|bọc|gốc cây|vỉa hè|nhà thờ); vứt (con|bé|bỏ); bị vứt; (bỏ|để) (con|cháu|bé|em) (lại|ở lại) .. (rồi|đi|bệnh viện|chùa|bến xe|mất); bị bỏ lại",
        "abandoned; foundling; (baby|infant|newborn|child) .. left (at|in|on|outside) .. (temple|church|gate|bin|street|doorstep|hospital); dumped (her|his|the) (baby|child)",
    ),
    says(
        "runaway",
        "runaway",
        "The child left home.",
        "bỏ nhà (đi|ra đi|theo|trốn)?; trốn (khỏi|ra khỏi) nhà; bỏ trốn khỏi nhà; trốn nhà; bỏ đi (khỏi nhà|bụi|hoang); đi bụi; (em|cháu|con) bỏ đi .. (hôm|ngày|đêm)",
        "ran away; run away (from home)?; runaway; running away; left home",
        without="mẹ bố ba dọa chồng",
    ),
    asks(
        "runaway.maybe",
        "runaway",
        "A missing child may have left by itself.",
        "mất tích; đi theo người yêu; không thấy về; không về nhà; (muốn|định) bỏ (nhà|đi)",
        "missing; hasn't come home; not come home; want to leave home",
    ),
    says(
        "afraid.home",
        "afraid_to_go_home",
        "The child dreads home.",
        "(sợ|ko dám|không dám|không muốn|sợ phải|ko muốn|chẳng dám|chả dám) (phải|đi|quay|trở)? về (nhà)?; (sợ|không dám|không muốn|sợ phải) .. về nhà; sợ .. (bố|mẹ|dượng|bố dượng|dì|cậu|ông) .. (về|ở nhà); (không|ko) dám ở nhà; sợ ở nhà",
        "(afraid|scared|terrified|frightened|too scared|refuses|refusing|doesn't want|don't want|does not want|do not want|dare not) to (go|come|be|return|going)? home; scared at home; (afraid|scared) of going home",
        without="nước trường quê nói kể",
    ),
    asks(
        "safe.adult",
        "with_safe_adult",
        "An adult is with the child; whether that adult is safe, a person asks. A yes can only calm.",
        "(đang|giờ|hiện|cháu|bé|em|con)? ở (nhà)? (với|cùng) (bà|ông|mẹ|bà ngoại|bà nội|ông bà|cô|dì|cô giáo|bố mẹ|tôi|mẹ cháu|bác|chị); (bà|bà ngoại|bà nội|ông|cô|dì|tôi|mẹ|sư cô) .. (trông|đang bế|đang giữ|chăm|đang ở cùng|đang chăm); tôi đang (bế|giữ|ở cùng|trông); an toàn (với|ở|cùng); (ở bệnh viện|bên nhà) (với)? (em|tôi|e); trốn bên nhà (em|tôi|e|mình|cô|bác); (đang|giờ) an toàn; cô (tin tưởng|tin)",
        "with (her|his|my|their) (grandmother|grandma|aunt|grandfather|mother|mum|mom|teacher|grandparents) (now)?; safe (with|at|now|here); (she|he|the child|they) (is|are) (with|at) (me|us|my); staying with; i am with (her|him|the child)",
        without="ở_một_mình kế ghẻ dượng bị nhốt không",
    ),
    says(
        "neglect.told",
        "neglect",
        "Hungry, begging, unwashed, nobody there.",
        "nhịn (cơm|ăn|đói); đói (lả|lắm|quá|meo); (nhặt|lượm|ăn) (đồ thừa|cơm thừa|đồ ăn thừa); (đi)? (xin ăn|ăn xin); mẹ nghiện; bố nghiện; gầy (gò|trơ xương|nhom); (bẩn thỉu|hôi hám); (chưa|không) .. tiêm (phòng|chủng); không còn ai ở với; (bữa đói bữa no|bữa có bữa không); không cho (cơm|ăn|bú); (bị)? bỏ đói",
        "(always|very|often) hungry; begging; filthy; nobody at home; looks after (himself|herself)",
        without="bà_ngoại cậu_út",
    ),
    says(
        "needs.told",
        "unmet_basic_needs",
        "No food or no home.",
        "nhịn (cơm|đói); đói (lả|lắm|quá|meo); (nhặt|lượm|ăn) (đồ thừa|cơm thừa); nhà không (điện|nước); không có (điện|nước sạch|nhà); không cho (cơm|bú|ăn); gầy (gò|trơ xương)",
        "(always|very) hungry; no (electricity|running water|heating)",
    ),
    asks(
        "care.asked",
        "neglect unmet_basic_needs alone_now",
        "Left to itself.",
        "không còn ai (ở với|nuôi|chăm); (ăn)? mì gói sống; (bố mẹ|bo me|ba mẹ) .. đi vắng; ngồi .. một mình; ngoài cổng .. một mình",
        "nobody left; parents .. away",
    ),
    asks("left.asked", "abandoned", "Nobody is left.", "không còn ai (ở với|nuôi|chăm sóc|thân thích)", "nobody left"),
    says(
        "foundling",
        "abandoned abandonment",
        "A new-born by the road.",
        "(trẻ|bé|cháu bé) .. (ngày tuổi|sơ sinh|# ngày tuổi) .. (bên đường|bao tải|thùng|túi|giỏ|cổng|bãi rác|bụi|ven); (bé|trẻ) .. trong (bao tải|thùng rác|thùng giấy|túi nilon|thùng xốp)",
        "(newborn|baby) .. (bag|box|bin|roadside)",
    ),
    asks(
        "carers.asked",
        "with_safe_adult",
        "Somebody took the child in.",
        "đã đưa .. (vào|về|tới|đến) (trạm|trạm y tế|bệnh viện|nhà|ủy ban|mái ấm)",
        "(took|taken) .. (in|clinic)",
    ),
    says(
        "runaway.told",
        "runaway",
        "Sleeps at a station, ran off.",
        "(trốn|bỏ) (đi|nhà) .. (bến xe|ga|ngủ bụi|công viên)",
        "ran off; running off; sleeps at the (bus|train) station",
    ),
    asks(
        "fear.home",
        "afraid_to_go_home",
        "Hides from somebody at home.",
        "trốn (trong|ở) (tủ|phòng|nhà vệ sinh)",
        "hiding .. (closet|bathroom|room)",
    ),
)
