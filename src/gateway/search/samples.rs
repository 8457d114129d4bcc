//! A small market for the engines' tests: the goods of the demonstration, with the traps that their names hold.

use super::document::Document;

/// Name | what people also type | category | cooperative | commune code and names | price | description.
const GOODS: &str = "\
Nhãn lồng Hương Chi|nhãn lồng, nhãn Hưng Yên, nhãn quả|trai-cay|HTX Nhãn Hồng Nam|1:Sơn Nam, Hồng Nam|45000|Cùi dày, ngọt đậm
Nhãn Miền Thiết|nhãn muộn, nhãn chín muộn|trai-cay|HTX Nhãn Hồng Nam|1:Sơn Nam, Hồng Nam|35000|
Nhãn đường phèn|nhãn phèn, nhãn tiến vua|trai-cay|HTX Nhãn Hồng Nam|1:Sơn Nam, Hồng Nam|95000|
Vải trứng|vải trứng Phù Cừ|trai-cay|HTX Vải Phù Cừ|2:Đoàn Đào, Phù Cừ|150000|Quả to như quả trứng vịt
Vải lai chín sớm|vải sớm|trai-cay|HTX Vải Phù Cừ|2:Đoàn Đào, Phù Cừ|35000|
Ổi Bo|ổi Thái Bình|trai-cay|HTX Ổi Bo|3:Vũ Phúc, Hoàng Diệu|25000|
Cam lòng vàng|cam Vinh|trai-cay|HTX Cam Văn Giang|4:Văn Giang|40000|
Cam đường canh|cam canh, quýt đường|trai-cay|HTX Cam Văn Giang|4:Văn Giang|55000|
Bưởi Diễn|bưởi, bòng|trai-cay|HTX Cam Văn Giang|4:Văn Giang|28000|
Quất|tắc, hạnh, trái tắc|trai-cay|HTX Cam Văn Giang|4:Văn Giang|25000|
Chuối tiêu hồng|chuối già, chuối tiêu|trai-cay|HTX Chuối Khoái Châu|5:Khoái Châu|38000|
Hồng xiêm|sa-pô-chê, lồng mứt|trai-cay|HTX Chuối Khoái Châu|5:Khoái Châu|45000|
Táo ta|táo chua|trai-cay|HTX Chuối Khoái Châu|5:Khoái Châu|30000|
Dưa hấu|dưa đỏ|trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|14000|
Dừa xiêm|dừa tươi|trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|20000|
Dừa sáp||trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|90000|
Dứa mật|thơm, khóm|trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|18000|
Na bở|mãng cầu|trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|50000|
Mơ vàng||trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|45000|
Mận hậu||trai-cay|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|40000|
Gạo nếp cái hoa vàng|nếp hoa vàng, nếp cái, gạo nếp|gao|HTX Gạo Đông Hưng|7:Đông Hưng|42000|
Gạo Bắc thơm|gạo BT7, gạo tẻ, gạo thơm|gao|HTX Gạo Đông Hưng|7:Đông Hưng|24000|
Gạo tám thơm|gạo tám|gao|HTX Gạo Đông Hưng|7:Đông Hưng|33000|
Gạo ST25|gạo ngon nhất|gao|HTX Gạo Đông Hưng|7:Đông Hưng|38000|
Gạo ruộng rươi|gạo rươi|gao|HTX Gạo Đông Hưng|7:Đông Hưng|50000|
Lạc nhân|đậu phộng, lạc, đậu phụng|dau-hat|HTX Gạo Đông Hưng|7:Đông Hưng|65000|
Vừng đen|mè đen, mè, vừng|dau-hat|HTX Gạo Đông Hưng|7:Đông Hưng|110000|
Dầu vừng|dầu mè|dau-hat|HTX Gạo Đông Hưng|7:Đông Hưng|120000|
Đỗ xanh|đậu xanh|dau-hat|HTX Gạo Đông Hưng|7:Đông Hưng|60000|
Đỗ đen xanh lòng|đậu đen, đỗ đen|dau-hat|HTX Gạo Đông Hưng|7:Đông Hưng|70000|
Dâu tằm|quả dâu|trai-cay|HTX Dâu Vũ Thư|8:Vũ Thư|60000|
Ngô nếp|bắp nếp, bắp|rau-cu|HTX Dâu Vũ Thư|8:Vũ Thư|5000|
Khoai tây|khoai|rau-cu|HTX Khoai Đông Hưng|7:Đông Hưng, Đông Quan|18000|
Ớt chỉ thiên|ớt hiểm, ớt cay, ớt|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|45000|
Tỏi|tỏi ta, tỏi khô|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|80000|
Hành củ khô|hành ta|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|45000|
Cà chua|cà tô mát|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|18000|
Su hào|xu hào|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|9000|
Bắp cải|cải bắp|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|12000|
Rau muống|rau muống nước|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|8000|Nấu canh cá, luộc chấm tương
Bí xanh|bí đao, bí|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|14000|
Bí đỏ|bí ngô|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|14000|
Bì lợn khô||thit-trung|HTX Gà Đông Tảo|5:Khoái Châu|70000|
Dưa chuột|dưa leo|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|16000|
Mướp đắng|khổ qua|rau-cu|HTX Rau Quỳnh Phụ|6:Quỳnh Phụ|20000|
Nghệ củ tươi|củ nghệ|rau-cu|HTX Chuối Khoái Châu|5:Khoái Châu, Chí Tân|28000|
Gà Đông Tảo làm sẵn|gà tiến vua, gà chân to|thit-trung|HTX Gà Đông Tảo|5:Khoái Châu|350000|
Trứng vịt biển|hột vịt, trứng vịt|thit-trung|HTX Vịt Tiền Hải|9:Tiền Hải, Nam Thịnh|52000|
Trứng gà ta|hột gà, trứng gà|thit-trung|HTX Gà Đông Tảo|5:Khoái Châu|40000|
Vịt biển làm sẵn|thịt vịt, vịt|thit-trung|HTX Vịt Tiền Hải|9:Tiền Hải, Nam Thịnh|120000|
Ruốc lợn|chà bông|thit-trung|HTX Gà Đông Tảo|5:Khoái Châu|280000|
Mỡ lợn thắng||thit-trung|HTX Gà Đông Tảo|5:Khoái Châu|60000|
Ngao Tiền Hải|nghêu, ngao trắng|thuy-san|HTX Ngao Nam Thịnh|9:Tiền Hải, Nam Thịnh|35000|
Tôm thẻ|tôm thẻ chân trắng, tôm|thuy-san|HTX Ngao Nam Thịnh|9:Tiền Hải, Nam Thịnh|220000|
Cá vược|cá chẽm|thuy-san|HTX Ngao Nam Thịnh|9:Tiền Hải, Nam Thịnh|150000|
Rươi||thuy-san|HTX Ngao Nam Thịnh|9:Tiền Hải, Nam Thịnh|250000|
Mắm cáy|nước mắm cáy|nuoc-cham|HTX Mắm Hồng Tiến|10:Kiến Xương, Hồng Tiến|85000|
Nước mắm cốt|mắm|nuoc-cham|HTX Mắm Hồng Tiến|10:Kiến Xương, Hồng Tiến|100000|Ủ từ cá tươi
Mật ong hoa nhãn|mật nhãn, mật ong|mat-ong|HTX Nhãn Hồng Nam|1:Sơn Nam, Hồng Nam|120000|
Tương nếp Bần|tương Bần, tương|nuoc-cham|HTX Tương Bần|11:Mỹ Hào, Bần Yên Nhân|42000|
Miến dong|miến|dac-san|HTX Gạo Đông Hưng|7:Đông Hưng|50000|
Bánh cáy làng Nguyễn|bánh cáy|dac-san|HTX Gạo Đông Hưng|7:Đông Hưng|48000|";

/// The sample market.
pub fn documents() -> Vec<Document> {
    GOODS.lines().zip(1_u32..).map(|(line, number)| document(line, number)).collect()
}

fn document(line: &str, number: u32) -> Document {
    let parts: Vec<&str> = line.split('|').collect();
    let slug = |text: &str| super::words::words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>().join("-");
    let list = |text: &str| text.split(", ").filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (commune, places) = parts[4].split_once(':').expect("commune");
    Document {
        product_id: format!("p-{number:03}"),
        slug: slug(parts[0]),
        name: parts[0].to_owned(),
        also_called: list(parts[1]),
        category: parts[2].to_owned(),
        category_name: String::new(),
        cooperative: slug(parts[3]),
        cooperative_name: parts[3].to_owned(),
        commune: commune.to_owned(),
        places: list(places),
        certificates: if number.is_multiple_of(3) { vec!["vietgap".into(), "ocop".into()] } else { Vec::new() },
        description: parts[6].to_owned(),
        price_vnd: parts[5].parse().expect("price"),
        availability_rank: if number.is_multiple_of(10) { 0 } else { 2 },
        sold_rank: i64::from(number % 7),
        updated_at_s: 1_795_400_000 + i64::from(number),
        harvest_day: (number.is_multiple_of(2)).then(|| 20_000 + i64::from(number)),
    }
}
