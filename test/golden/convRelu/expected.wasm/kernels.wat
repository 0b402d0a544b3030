(module
  ;; The kernels of conv-relu. Arguments are addresses in bytes. Every shape is a constant.
  (import "env" "memory" (memory 0))

  ;; repack_rowMajor_to_ohwi8: copy
  ;;     out = x, the same elements at other places
  ;; x: f32[5,2,3,3], row-major
  ;; out: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
  (func $repack_rowMajor_to_ohwi8
    (export "repack_rowMajor_to_ohwi8")
    (param $x i32) (param $out i32)
    (local $b3 i32) (local $a4 i32) (local $xAt i32) (local $outLanes v128) (local $outLanes_2 v128)
    (local $outAt i32)
    ;; 8 at once
    (local.set $b3 (i32.const 0))
    (loop $b3_loop
      (local.set $a4 (i32.const 0))
      (loop $a4_loop
        (local.set $xAt
          (i32.add (i32.mul (local.get $a4) (i32.const 18)) (i32.mul (local.get $b3) (i32.const 9))))
        (local.set $outLanes
          (if
            (result v128)
            (i32.lt_s (local.get $a4) (i32.const 5))
            (then (v128.load (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
            (else (v128.const f32x4 0 0 0 0))))
        (local.set $outLanes_2
          (if
            (result v128)
            (i32.lt_s (local.get $a4) (i32.const 5))
            (then
              (v128.load offset=16
                (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
            (else (v128.const f32x4 0 0 0 0))))
        (local.set $outAt (i32.add (i32.shl (local.get $b3) (i32.const 3)) (local.get $a4)))
        (v128.store32_lane 0
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes))
        (v128.store32_lane offset=64 1
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes))
        (v128.store32_lane offset=128 2
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes))
        (v128.store32_lane offset=192 3
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes))
        (v128.store32_lane offset=256 0
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes_2))
        (v128.store32_lane offset=320 1
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes_2))
        (v128.store32_lane offset=384 2
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes_2))
        (v128.store32_lane offset=448 3
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $outLanes_2))
        (local.set $a4 (i32.add (local.get $a4) (i32.const 1)))
        (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8))))
      (local.set $b3 (i32.add (local.get $b3) (i32.const 1)))
      (br_if $b3_loop (i32.lt_s (local.get $b3) (i32.const 2))))
    ;; the last one
    (local.set $b3 (i32.const 0))
    (loop $b3_loop
      (local.set $a4 (i32.const 0))
      (loop $a4_loop
        (f32.store offset=512
          (i32.add
            (local.get $out)
            (i32.shl
              (i32.add (i32.shl (local.get $b3) (i32.const 3)) (local.get $a4))
              (i32.const 2)))
          (if
            (result f32)
            (i32.lt_s (local.get $a4) (i32.const 5))
            (then
              (f32.load offset=32
                (i32.add
                  (local.get $x)
                  (i32.shl
                    (i32.add
                      (i32.mul (local.get $a4) (i32.const 18))
                      (i32.mul (local.get $b3) (i32.const 9)))
                    (i32.const 2)))))
            (else (f32.const 0))))
        (local.set $a4 (i32.add (local.get $a4) (i32.const 1)))
        (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8))))
      (local.set $b3 (i32.add (local.get $b3) (i32.const 1)))
      (br_if $b3_loop (i32.lt_s (local.get $b3) (i32.const 2)))))

  ;; conv + relu: direct, 4 pixels x 8 channels, 5 rows, padded strips
  ;;     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
  ;;     out = max(value, 0)
  ;; x: f32[1,2,5,5], row-major
  ;; weight: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
  ;; bias: f32[5]
  ;; out: f32[1,5,5,5], row-major
  (func $conv2d_3x3_2to5_relu
    (export "conv2d_3x3_2to5_relu")
    (param $x i32) (param $weight i32) (param $bias i32) (param $strip i32) (param $out i32)
    (local $stripRow i32) (local $toRow i32) (local $fromRow i32) (local $column i32)
    (local $pixel i32) (local $place i32) (local $channel i32) (local $row i32) (local $bias0 v128)
    (local $bias1 v128) (local $sum00 v128) (local $sum01 v128) (local $sum10 v128)
    (local $sum11 v128) (local $sum20 v128) (local $sum21 v128) (local $sum30 v128)
    (local $sum31 v128) (local $ky i32) (local $xRow i32) (local $wRow i32) (local $i i32)
    (local $xi i32) (local $wi i32) (local $w0 v128) (local $w1 v128) (local $x0 v128)
    (local $x1 v128) (local $x2 v128) (local $x3 v128) (local $value v128) (local $value_2 v128)
    (local $value_3 v128) (local $value_4 v128) (local $bias0_2 v128) (local $bias1_2 v128)
    (local $sum00_2 v128) (local $sum01_2 v128) (local $value_5 v128)
    (local.set $stripRow (i32.const 0))
    (loop $stripRow_loop
      (local.set $toRow (i32.mul (local.get $stripRow) (i32.const 14)))
      (local.set $fromRow (i32.sub (local.get $stripRow) (i32.const 1)))
      (if
        (i32.and
          (i32.ge_s (local.get $fromRow) (i32.const 0))
          (i32.lt_s (local.get $fromRow) (i32.const 5)))
        (then
          (f32.store
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (f32.const 0))
          (f32.store offset=4
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (f32.const 0))
          (local.set $column (i32.const 0))
          (loop $column_loop
            (local.set $pixel
              (i32.add (i32.mul (local.get $fromRow) (i32.const 5)) (local.get $column)))
            (local.set $place
              (i32.add
                (i32.add (local.get $toRow) (i32.shl (local.get $column) (i32.const 1)))
                (i32.const 2)))
            (local.set $channel (i32.const 0))
            (loop $channel_loop
              (f32.store
                (i32.add
                  (local.get $strip)
                  (i32.shl (i32.add (local.get $place) (local.get $channel)) (i32.const 2)))
                (f32.load
                  (i32.add
                    (local.get $x)
                    (i32.shl
                      (i32.add (local.get $pixel) (i32.mul (local.get $channel) (i32.const 25)))
                      (i32.const 2)))))
              (local.set $channel (i32.add (local.get $channel) (i32.const 1)))
              (br_if $channel_loop (i32.lt_s (local.get $channel) (i32.const 2))))
            (local.set $column (i32.add (local.get $column) (i32.const 1)))
            (br_if $column_loop (i32.lt_s (local.get $column) (i32.const 5))))
          (f32.store offset=48
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (f32.const 0))
          (f32.store offset=52
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (f32.const 0)))
        (else
          (v128.store
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (v128.const f32x4 0 0 0 0))
          (v128.store offset=16
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (v128.const f32x4 0 0 0 0))
          (v128.store offset=32
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (v128.const f32x4 0 0 0 0))
          (f32.store offset=48
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (f32.const 0))
          (f32.store offset=52
            (i32.add (local.get $strip) (i32.shl (local.get $toRow) (i32.const 2)))
            (f32.const 0))))
      (local.set $stripRow (i32.add (local.get $stripRow) (i32.const 1)))
      (br_if $stripRow_loop (i32.lt_s (local.get $stripRow) (i32.const 7))))
    (local.set $row (i32.const 0))
    (loop $row_loop
      (call $conv2d_3x3_2to5_relu.row
        (local.get $bias)
        (local.get $row)
        (local.get $weight)
        (local.get $strip)
        (local.get $out))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $row_loop (i32.lt_s (local.get $row) (i32.const 5))))
    ;; the last column
    (local.set $bias0 (v128.load (local.get $bias)))
    (local.set $bias1
      (f32x4.replace_lane 3
        (f32x4.replace_lane 2
          (f32x4.replace_lane 1 (v128.load32_splat offset=16 (local.get $bias)) (f32.const 0))
          (f32.const 0))
        (f32.const 0)))
    (local.set $sum00 (local.get $bias0))
    (local.set $sum01 (local.get $bias1))
    (local.set $sum10 (local.get $bias0))
    (local.set $sum11 (local.get $bias1))
    (local.set $sum20 (local.get $bias0))
    (local.set $sum21 (local.get $bias1))
    (local.set $sum30 (local.get $bias0))
    (local.set $sum31 (local.get $bias1))
    (local.set $ky (i32.const 0))
    (loop $ky_loop
      (local.set $xRow (i32.add (i32.mul (local.get $ky) (i32.const 14)) (i32.const 8)))
      (local.set $wRow (i32.mul (local.get $ky) (i32.const 48)))
      (local.set $i (i32.const 0))
      (loop $i_loop
        (local.set $xi (i32.add (local.get $xRow) (local.get $i)))
        (local.set $wi (i32.add (local.get $wRow) (i32.shl (local.get $i) (i32.const 3))))
        (local.set $w0
          (v128.load (i32.add (local.get $weight) (i32.shl (local.get $wi) (i32.const 2)))))
        (local.set $w1
          (v128.load offset=16
            (i32.add (local.get $weight) (i32.shl (local.get $wi) (i32.const 2)))))
        (local.set $x0
          (v128.load32_splat (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum00
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00)))
        (local.set $sum01
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01)))
        (local.set $x1
          (v128.load32_splat offset=56
            (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum10
          (f32x4.add (f32x4.mul (local.get $x1) (local.get $w0)) (local.get $sum10)))
        (local.set $sum11
          (f32x4.add (f32x4.mul (local.get $x1) (local.get $w1)) (local.get $sum11)))
        (local.set $x2
          (v128.load32_splat offset=112
            (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum20
          (f32x4.add (f32x4.mul (local.get $x2) (local.get $w0)) (local.get $sum20)))
        (local.set $sum21
          (f32x4.add (f32x4.mul (local.get $x2) (local.get $w1)) (local.get $sum21)))
        (local.set $x3
          (v128.load32_splat offset=168
            (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum30
          (f32x4.add (f32x4.mul (local.get $x3) (local.get $w0)) (local.get $sum30)))
        (local.set $sum31
          (f32x4.add (f32x4.mul (local.get $x3) (local.get $w1)) (local.get $sum31)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 6))))
      (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
      (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 3))))
    (local.set $value (f32x4.pmax (local.get $sum00) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=16 0 (local.get $out) (local.get $value))
    (v128.store32_lane offset=116 1 (local.get $out) (local.get $value))
    (v128.store32_lane offset=216 2 (local.get $out) (local.get $value))
    (v128.store32_lane offset=316 3 (local.get $out) (local.get $value))
    (f32.store offset=416
      (local.get $out)
      (f32.max (f32x4.extract_lane 0 (local.get $sum01)) (f32.const 0)))
    (local.set $value_2 (f32x4.pmax (local.get $sum10) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=36 0 (local.get $out) (local.get $value_2))
    (v128.store32_lane offset=136 1 (local.get $out) (local.get $value_2))
    (v128.store32_lane offset=236 2 (local.get $out) (local.get $value_2))
    (v128.store32_lane offset=336 3 (local.get $out) (local.get $value_2))
    (f32.store offset=436
      (local.get $out)
      (f32.max (f32x4.extract_lane 0 (local.get $sum11)) (f32.const 0)))
    (local.set $value_3 (f32x4.pmax (local.get $sum20) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=56 0 (local.get $out) (local.get $value_3))
    (v128.store32_lane offset=156 1 (local.get $out) (local.get $value_3))
    (v128.store32_lane offset=256 2 (local.get $out) (local.get $value_3))
    (v128.store32_lane offset=356 3 (local.get $out) (local.get $value_3))
    (f32.store offset=456
      (local.get $out)
      (f32.max (f32x4.extract_lane 0 (local.get $sum21)) (f32.const 0)))
    (local.set $value_4 (f32x4.pmax (local.get $sum30) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=76 0 (local.get $out) (local.get $value_4))
    (v128.store32_lane offset=176 1 (local.get $out) (local.get $value_4))
    (v128.store32_lane offset=276 2 (local.get $out) (local.get $value_4))
    (v128.store32_lane offset=376 3 (local.get $out) (local.get $value_4))
    (f32.store offset=476
      (local.get $out)
      (f32.max (f32x4.extract_lane 0 (local.get $sum31)) (f32.const 0)))
    (local.set $bias0_2 (v128.load (local.get $bias)))
    (local.set $bias1_2
      (f32x4.replace_lane 3
        (f32x4.replace_lane 2
          (f32x4.replace_lane 1 (v128.load32_splat offset=16 (local.get $bias)) (f32.const 0))
          (f32.const 0))
        (f32.const 0)))
    (local.set $sum00_2 (local.get $bias0_2))
    (local.set $sum01_2 (local.get $bias1_2))
    (local.set $ky (i32.const 0))
    (loop $ky_loop
      (local.set $xRow (i32.add (i32.mul (local.get $ky) (i32.const 14)) (i32.const 64)))
      (local.set $wRow (i32.mul (local.get $ky) (i32.const 48)))
      (local.set $i (i32.const 0))
      (loop $i_loop
        (local.set $xi (i32.add (local.get $xRow) (local.get $i)))
        (local.set $wi (i32.add (local.get $wRow) (i32.shl (local.get $i) (i32.const 3))))
        (local.set $w0
          (v128.load (i32.add (local.get $weight) (i32.shl (local.get $wi) (i32.const 2)))))
        (local.set $w1
          (v128.load offset=16
            (i32.add (local.get $weight) (i32.shl (local.get $wi) (i32.const 2)))))
        (local.set $x0
          (v128.load32_splat (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum00_2
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00_2)))
        (local.set $sum01_2
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01_2)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 6))))
      (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
      (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 3))))
    (local.set $value_5 (f32x4.pmax (local.get $sum00_2) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=96 0 (local.get $out) (local.get $value_5))
    (v128.store32_lane offset=196 1 (local.get $out) (local.get $value_5))
    (v128.store32_lane offset=296 2 (local.get $out) (local.get $value_5))
    (v128.store32_lane offset=396 3 (local.get $out) (local.get $value_5))
    (f32.store offset=496
      (local.get $out)
      (f32.max (f32x4.extract_lane 0 (local.get $sum01_2)) (f32.const 0))))
  (func $conv2d_3x3_2to5_relu.row
    (param $bias i32) (param $row i32) (param $weight i32) (param $strip i32) (param $out i32)
    (local $bias0 v128) (local $bias1 v128) (local $sum00 v128) (local $sum01 v128)
    (local $sum10 v128) (local $sum11 v128) (local $sum20 v128) (local $sum21 v128)
    (local $sum30 v128) (local $sum31 v128) (local $xAt i32) (local $ky i32) (local $xRow i32)
    (local $wRow i32) (local $i i32) (local $xi i32) (local $wi i32) (local $w0 v128)
    (local $w1 v128) (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128)
    (local $value v128) (local $outAt i32) (local $value_2 v128) (local $value_3 v128)
    (local $value_4 v128)
    (local.set $bias0 (v128.load (local.get $bias)))
    (local.set $bias1
      (f32x4.replace_lane 3
        (f32x4.replace_lane 2
          (f32x4.replace_lane 1 (v128.load32_splat offset=16 (local.get $bias)) (f32.const 0))
          (f32.const 0))
        (f32.const 0)))
    (local.set $sum00 (local.get $bias0))
    (local.set $sum01 (local.get $bias1))
    (local.set $sum10 (local.get $bias0))
    (local.set $sum11 (local.get $bias1))
    (local.set $sum20 (local.get $bias0))
    (local.set $sum21 (local.get $bias1))
    (local.set $sum30 (local.get $bias0))
    (local.set $sum31 (local.get $bias1))
    (local.set $xAt (i32.mul (local.get $row) (i32.const 14)))
    (local.set $ky (i32.const 0))
    (loop $ky_loop
      (local.set $xRow (i32.add (local.get $xAt) (i32.mul (local.get $ky) (i32.const 14))))
      (local.set $wRow (i32.mul (local.get $ky) (i32.const 48)))
      (local.set $i (i32.const 0))
      (loop $i_loop
        (local.set $xi (i32.add (local.get $xRow) (local.get $i)))
        (local.set $wi (i32.add (local.get $wRow) (i32.shl (local.get $i) (i32.const 3))))
        (local.set $w0
          (v128.load (i32.add (local.get $weight) (i32.shl (local.get $wi) (i32.const 2)))))
        (local.set $w1
          (v128.load offset=16
            (i32.add (local.get $weight) (i32.shl (local.get $wi) (i32.const 2)))))
        (local.set $x0
          (v128.load32_splat (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum00
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00)))
        (local.set $sum01
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01)))
        (local.set $x1
          (v128.load32_splat offset=8
            (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum10
          (f32x4.add (f32x4.mul (local.get $x1) (local.get $w0)) (local.get $sum10)))
        (local.set $sum11
          (f32x4.add (f32x4.mul (local.get $x1) (local.get $w1)) (local.get $sum11)))
        (local.set $x2
          (v128.load32_splat offset=16
            (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum20
          (f32x4.add (f32x4.mul (local.get $x2) (local.get $w0)) (local.get $sum20)))
        (local.set $sum21
          (f32x4.add (f32x4.mul (local.get $x2) (local.get $w1)) (local.get $sum21)))
        (local.set $x3
          (v128.load32_splat offset=24
            (i32.add (local.get $strip) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum30
          (f32x4.add (f32x4.mul (local.get $x3) (local.get $w0)) (local.get $sum30)))
        (local.set $sum31
          (f32x4.add (f32x4.mul (local.get $x3) (local.get $w1)) (local.get $sum31)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 6))))
      (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
      (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 3))))
    (local.set $value (f32x4.pmax (local.get $sum00) (v128.const f32x4 0 0 0 0)))
    (local.set $outAt (i32.mul (local.get $row) (i32.const 5)))
    (v128.store32_lane 0
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value))
    (v128.store32_lane offset=100 1
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value))
    (v128.store32_lane offset=200 2
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value))
    (v128.store32_lane offset=300 3
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value))
    (f32.store offset=400
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32.max (f32x4.extract_lane 0 (local.get $sum01)) (f32.const 0)))
    (local.set $value_2 (f32x4.pmax (local.get $sum10) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=4 0
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_2))
    (v128.store32_lane offset=104 1
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_2))
    (v128.store32_lane offset=204 2
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_2))
    (v128.store32_lane offset=304 3
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_2))
    (f32.store offset=404
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32.max (f32x4.extract_lane 0 (local.get $sum11)) (f32.const 0)))
    (local.set $value_3 (f32x4.pmax (local.get $sum20) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=8 0
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_3))
    (v128.store32_lane offset=108 1
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_3))
    (v128.store32_lane offset=208 2
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_3))
    (v128.store32_lane offset=308 3
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_3))
    (f32.store offset=408
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32.max (f32x4.extract_lane 0 (local.get $sum21)) (f32.const 0)))
    (local.set $value_4 (f32x4.pmax (local.get $sum30) (v128.const f32x4 0 0 0 0)))
    (v128.store32_lane offset=12 0
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_4))
    (v128.store32_lane offset=112 1
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_4))
    (v128.store32_lane offset=212 2
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_4))
    (v128.store32_lane offset=312 3
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (local.get $value_4))
    (f32.store offset=412
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32.max (f32x4.extract_lane 0 (local.get $sum31)) (f32.const 0))))
)
