/// The frames of `ChartGoldenTests`.
enum Golden {
    static let braille = #"""
             │                  ⢠         ┆lr .1→.03
          0.8┤⡄┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⢸┈┈┈┈┈┈┈┈┈┆┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
             │⠸⡀       ▲        ⡸⡀        ┆
             │⣀⣣ ⡀              ⡇⡇        ┆
             │  ⢣⠈⠉ ⠉⠑ ⠒⠒ ⠤⠤ ⠤⢄ ⡇⣇        ┆
          0.6┤┈┈┈⢱┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠉⠉┈⠉⠒┈⠒⠒┈⠤⠤┈⠤⣀┈⣀⡀B┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
             │    ⠣⡀                      ┆
             │     ⠈⠑⢄⡀                   ┆
             │        ⠈⠑⠢⣀⡀               ┆
             │            ⠈⠉⠒⠒⠤⢤⣀⣀        ┆
          0.4┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠉⠉⠉⠑⠒⠒⠒⠢⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀⡀┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
             │                            ┆          ⠈⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠑⠒⠒⠒⠒⠒A
             └┬────────┬────────┬─────────┬────────◆────────┬───────────
              0       500     1,000     1,500    2,000    2,500
        """#

    static let brailleStyle = #"""
             b                  2         iii iiiiii
          mmmb1fffffffffffffffff2fffffffffifffffffffffffffffffffffffff
             b11       !        22        i
             b21 2              22        i
             b  122 22 22 22 22 22        i
          mmmbfff1fffffffffffffffff22f22f22f22f22f222fffffffffffffffff
             b    11                      i
             b     1111                   i
             b        11111               i
             b            11111111        i
          mmmbffffffffffffffffffff11111111111111111111ffffffffffffffff
             b                            i          111111111111111111
             bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbgbbbbbbbbbbbbbbbbbbbb
              m       mmm     mmmmm     mmmmm    mmmmm    mmmmm
        """#

    static let block = #"""
             │          ●     ┆lr .1→.03
          0.8┤▚┈┈┈┈▲┈┈┈┈▐▖┈┈┈┈┆┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
             │▀█ ▜▄ ▄▄ ▄▟▌▄   ┆
             │ ▝▚▖      │ ▝▀ ▀▀ ▀▀ ▘B
             │   ▀▚▄▖   │     ┆
          0.4┤┈┈┈┈┈┈▝▀▀▜●▄▄▄▄▄┆┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
             │          │    ▝▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀A
             └┬─────────┴──────────◆────────────
              0       1,000      2,000
        """#

    static let ascii = #"""
             |              |
             ||             |
             |-| .. ..     ||
          0.6+'||.   . ''.'''|- -- -.... .B  .   .   .
             |   '-.
             |      '-..
          0.4+   .   .  ''----...... .   .   .   .   .
             |                      '''''''''''---------A
             ++-------------+-------------+---------------
              0           1,000         2,000
        """#

    static let tiny = #"""
        ⣄ ▲ ▇ ┆
        ⠈⢏ ⠉⠑ ⠒⠒best
          ⠉⠒⠒⠤⠤◆⠤⠤⠤⠤
        """#
}
