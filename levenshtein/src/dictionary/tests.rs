use super::*;

#[test]
fn a_word_is_kept_in_the_narrowest_width() {
    let mut words = Dictionary::new();
    words.push(Text::Ucs4(&[])).unwrap();
    words.push(Text::Ucs4(&[0, 0xff])).unwrap();
    words.push(Text::Ucs2(&[0xff])).unwrap();
    words.push(Text::Ucs4(&[0x61, 0x100])).unwrap();
    words.push(Text::Ucs4(&[0xd800, 0xffff])).unwrap();
    words.push(Text::Ucs4(&[0x61, 0x1_0000])).unwrap();
    assert_eq!(words.len(), 6);
    assert!(matches!(words.word(0), Text::Latin1([])));
    assert!(matches!(words.word(1), Text::Latin1([0, 0xff])));
    assert!(matches!(words.word(2), Text::Latin1([0xff])));
    assert!(matches!(words.word(3), Text::Ucs2([0x61, 0x100])));
    assert!(matches!(words.word(4), Text::Ucs2([0xd800, 0xffff])));
    assert!(matches!(words.word(5), Text::Ucs4([0x61, 0x1_0000])));
}
