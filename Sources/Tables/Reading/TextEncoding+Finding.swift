import CTableKernels

extension TextEncoding {
    /// What the first bytes say for themselves: a byte-order mark, or the zeros of UTF-16; nil when they say nothing.
    static func marked(_ bytes: UnsafeRawBufferPointer) -> (encoding: TextEncoding, markLength: Int)? {
        let marks: [([UInt8], String)] = [
            ([0xEF, 0xBB, 0xBF], "UTF-8"), ([0xFF, 0xFE, 0, 0], "UTF-32LE"), ([0, 0, 0xFE, 0xFF], "UTF-32BE"),
            ([0xFF, 0xFE], "UTF-16LE"), ([0xFE, 0xFF], "UTF-16BE"),
        ]
        if let mark = marks.first(where: { bytes.starts(with: $0.0) }) { return (TextEncoding(mark.1), mark.0.count) }
        let sample = bytes.prefix(1 << 16), pairs = sample.count / 2
        guard pairs >= 2, bytes.count % 2 == 0 else { return nil }
        var zeros = (even: 0, odd: 0)
        for index in 0..<pairs {
            zeros.even += sample[2 * index] == 0 ? 1 : 0
            zeros.odd += sample[2 * index + 1] == 0 ? 1 : 0
        }
        if zeros.odd * 10 >= pairs * 3, zeros.even * 100 <= pairs { return (TextEncoding("UTF-16LE"), 0) }
        if zeros.even * 10 >= pairs * 3, zeros.odd * 100 <= pairs { return (TextEncoding("UTF-16BE"), 0) }
        return nil
    }

    /// The likeliest encoding of text that has bytes beyond ASCII.
    ///
    /// UTF-8 proves itself. Japanese and Chinese pages accept nearly anything, so that what they make of it must look like
    /// Japanese or Chinese. Everything else is Windows' Western page.
    static func guess(_ bytes: UnsafeRawBufferPointer) -> TextEncoding {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var characters = 0, invalid = 0
        dk_utf8_counts(start, bytes.count, &characters, &invalid)
        // Single bad bytes among many good characters are damage, not another encoding.
        if invalid == 0 || characters > invalid * 4 { return TextEncoding("UTF-8") }
        guard arePairs(bytes) else { return TextEncoding("CP1252") }
        for name in ["CP932", "EUC-JP", "GB18030", "BIG5", "EUC-KR"] {
            let sample = UnsafeRawBufferPointer(rebasing: bytes.prefix(lineEnd(bytes, near: 1 << 18)))
            guard let text = TextEncoding(name).decoded(sample, mustBeValid: true)?.bytes else { continue }
            if isPlausible(String(decoding: text, as: UTF8.self), in: name) { return TextEncoding(name) }
        }
        return TextEncoding("CP1252")
    }

    private static func lineEnd(_ bytes: UnsafeRawBufferPointer, near offset: Int) -> Int {
        guard bytes.count > offset else { return bytes.count }
        return (bytes[offset...].firstIndex { $0 == 10 } ?? bytes.count - 1) + 1
    }

    /// Whether bytes beyond ASCII mostly stand beside each other.
    private static func arePairs(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var high = 0, paired = 0, last = false
        for (index, byte) in bytes.prefix(1 << 18).enumerated() where byte >= 0x80 || last {
            if byte >= 0x80 {
                high += 1
                let next = index + 1 < bytes.count && bytes[index + 1] >= 0x80
                paired += last || next ? 1 : 0
            }
            last = byte >= 0x80
        }
        return high >= 8 && paired * 10 >= high * 6
    }

    private static func isPlausible(_ text: String, in name: String) -> Bool {
        var kana = 0, common = 0, hangul = 0, wide = 0, others = 0
        for scalar in text.unicodeScalars where scalar.value >= 0x80 {
            switch scalar.value {
            case 0x3040...0x30FF:
                kana += 1
                wide += 1
            case 0xAC00...0xD7A3:
                hangul += 1
                wide += 1
            case 0x4E00...0x9FFF:
                common += commonCharacters.contains(scalar) ? 1 : 0
                wide += 1
            case 0x3000...0x303F, 0xFF00...0xFFEF: break
            default: others += 1
            }
        }
        guard wide >= 8 || wide >= 2 && others == 0, others * 10 <= wide else { return false }
        switch name {
        case "CP932", "EUC-JP": return kana * 5 >= wide
        case "EUC-KR": return hangul * 2 >= wide
        default: return common * 10 >= wide * 4
        }
    }

    /// The characters that Chinese texts are mostly made of, in the simple and the traditional form.
    private static let commonCharacters = Set(
        """
        的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如\
        都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高\
        间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水\
        名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社\
        便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院\
        让识候带导争运京广州深圳男姓龄号价额单位京沪省县龙李刘陈杨赵黄周吴這個們來為國說時會對過發後裡種經麼學現當沒動還進樣實軍無與長機關點業\
        將兩間問應戰頭體見產話門員論處義認條氣題爾別變總電數報結務場計統區隊決馬書則聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運
        """.unicodeScalars)
}
