//! The checksum of an EMVCo payload. Knows bytes.

/// CRC-16/CCITT-FALSE (IBM-3740): polynomial 0x1021, initial 0xFFFF, nothing reflected, no final XOR.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |register: u16, _bit| {
            let shifted = register << 1;
            if register & 0x8000 == 0 { shifted } else { shifted ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::crc16;

    #[test]
    fn the_check_values_come_out() {
        assert_eq!(crc16(b"123456789"), 0x29B1);
        assert_eq!(crc16(b"00"), 0x2EC9);
        assert_eq!(crc16(b"01"), 0x3EE8);
        assert_eq!(crc16(b""), 0xFFFF);
    }
}
