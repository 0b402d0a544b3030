(module
  ;; The kernels of lenet5. Arguments are addresses in bytes. Every shape is a constant.
  (import "env" "memory" (memory 0))

  ;; repack_rowMajor_to_ohwi8: copy
  ;;     out = x, the same elements at other places
  ;; x: f32[6,1,5,5], row-major
  ;; out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
  (func $repack_rowMajor_to_ohwi8_6x1x5x5
    (export "repack_rowMajor_to_ohwi8_6x1x5x5")
    (param $x i32) (param $out i32)
    (local $a4 i32) (local $xAt i32) (local $outLanes v128) (local $outLanes_2 v128)
    (local $outLanes_3 v128) (local $outLanes_4 v128)
    ;; 16 at once
    (local.set $a4 (i32.const 0))
    (loop $a4_loop
      (local.set $xAt (i32.mul (local.get $a4) (i32.const 25)))
      (local.set $outLanes
        (if
          (result v128)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then (v128.load (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
          (else (v128.const f32x4 0 0 0 0))))
      (local.set $outLanes_2
        (if
          (result v128)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then
            (v128.load offset=16 (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
          (else (v128.const f32x4 0 0 0 0))))
      (local.set $outLanes_3
        (if
          (result v128)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then
            (v128.load offset=32 (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
          (else (v128.const f32x4 0 0 0 0))))
      (local.set $outLanes_4
        (if
          (result v128)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then
            (v128.load offset=48 (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
          (else (v128.const f32x4 0 0 0 0))))
      (v128.store32_lane 0
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=32 1
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=64 2
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=96 3
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=128 0
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=160 1
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=192 2
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=224 3
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=256 0
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_3))
      (v128.store32_lane offset=288 1
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_3))
      (v128.store32_lane offset=320 2
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_3))
      (v128.store32_lane offset=352 3
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_3))
      (v128.store32_lane offset=384 0
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_4))
      (v128.store32_lane offset=416 1
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_4))
      (v128.store32_lane offset=448 2
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_4))
      (v128.store32_lane offset=480 3
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_4))
      (local.set $a4 (i32.add (local.get $a4) (i32.const 1)))
      (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8))))
    ;; the next 8
    (local.set $a4 (i32.const 0))
    (loop $a4_loop
      (local.set $xAt (i32.mul (local.get $a4) (i32.const 25)))
      (local.set $outLanes
        (if
          (result v128)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then
            (v128.load offset=64 (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
          (else (v128.const f32x4 0 0 0 0))))
      (local.set $outLanes_2
        (if
          (result v128)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then
            (v128.load offset=80 (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))))
          (else (v128.const f32x4 0 0 0 0))))
      (v128.store32_lane offset=512 0
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=544 1
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=576 2
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=608 3
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes))
      (v128.store32_lane offset=640 0
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=672 1
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=704 2
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (v128.store32_lane offset=736 3
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (local.get $outLanes_2))
      (local.set $a4 (i32.add (local.get $a4) (i32.const 1)))
      (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8))))
    ;; the last one
    (local.set $a4 (i32.const 0))
    (loop $a4_loop
      (f32.store offset=768
        (i32.add (local.get $out) (i32.shl (local.get $a4) (i32.const 2)))
        (if
          (result f32)
          (i32.lt_s (local.get $a4) (i32.const 6))
          (then
            (f32.load offset=96
              (i32.add
                (local.get $x)
                (i32.shl (i32.mul (local.get $a4) (i32.const 25)) (i32.const 2)))))
          (else (f32.const 0))))
      (local.set $a4 (i32.add (local.get $a4) (i32.const 1)))
      (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8)))))

  ;; repack_rowMajor_to_ohwi8: copy
  ;;     out = x, the same elements at other places
  ;; x: f32[16,6,5,5], row-major
  ;; out: f32[16,6,5,5], in memory [o / 8: 2][kh 5][kw 5][i 6][o % 8]
  (func $repack_rowMajor_to_ohwi8_16x6x5x5
    (export "repack_rowMajor_to_ohwi8_16x6x5x5")
    (param $x i32) (param $out i32)
    (local $a0 i32)
    (local.set $a0 (i32.const 0))
    (loop $a0_loop
      (call $repack_rowMajor_to_ohwi8_16x6x5x5.a0 (local.get $a0) (local.get $out) (local.get $x))
      (local.set $a0 (i32.add (local.get $a0) (i32.const 1)))
      (br_if $a0_loop (i32.lt_s (local.get $a0) (i32.const 2)))))
  (func $repack_rowMajor_to_ohwi8_16x6x5x5.a0
    (param $a0 i32) (param $out i32) (param $x i32)
    (local $c1_d2 i32) (local $b3 i32) (local $a4 i32) (local $xAt i32)
    (local.set $c1_d2 (i32.const 0))
    (loop $c1_d2_loop
      (local.set $b3 (i32.const 0))
      (loop $b3_loop
        ;; 4 at a time
        (local.set $a4 (i32.const 0))
        (loop $a4_loop
          (local.set $xAt
            (i32.add
              (i32.add
                (i32.mul
                  (i32.add (i32.shl (local.get $a0) (i32.const 3)) (local.get $a4))
                  (i32.const 150))
                (i32.mul (local.get $b3) (i32.const 25)))
              (local.get $c1_d2)))
          (v128.store
            (i32.add
              (local.get $out)
              (i32.shl
                (i32.add
                  (i32.add
                    (i32.add
                      (i32.mul (local.get $a0) (i32.const 1200))
                      (i32.mul (local.get $c1_d2) (i32.const 48)))
                    (i32.shl (local.get $b3) (i32.const 3)))
                  (local.get $a4))
                (i32.const 2)))
            (v128.load32_lane offset=1800 3
              (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))
              (v128.load32_lane offset=1200 2
                (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))
                (v128.load32_lane offset=600 1
                  (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))
                  (v128.load32_splat
                    (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2))))))))
          (local.set $a4 (i32.add (local.get $a4) (i32.const 4)))
          (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8))))
        (local.set $b3 (i32.add (local.get $b3) (i32.const 1)))
        (br_if $b3_loop (i32.lt_s (local.get $b3) (i32.const 6))))
      (local.set $c1_d2 (i32.add (local.get $c1_d2) (i32.const 1)))
      (br_if $c1_d2_loop (i32.lt_s (local.get $c1_d2) (i32.const 25)))))

  ;; repack_rowMajor_to_ohwi8: copy
  ;;     out = x, the same elements at other places
  ;; x: f32[120,16,5,5], row-major
  ;; out: f32[120,16,5,5], in memory [o / 8: 15][kh 5][kw 5][i 16][o % 8]
  (func $repack_rowMajor_to_ohwi8_120x16x5x5
    (export "repack_rowMajor_to_ohwi8_120x16x5x5")
    (param $x i32) (param $out i32)
    (local $a0 i32)
    (local.set $a0 (i32.const 0))
    (loop $a0_loop
      (call $repack_rowMajor_to_ohwi8_120x16x5x5.a0 (local.get $a0) (local.get $out) (local.get $x))
      (local.set $a0 (i32.add (local.get $a0) (i32.const 1)))
      (br_if $a0_loop (i32.lt_s (local.get $a0) (i32.const 15)))))
  (func $repack_rowMajor_to_ohwi8_120x16x5x5.a0
    (param $a0 i32) (param $out i32) (param $x i32)
    (local $c1_d2 i32) (local $b3 i32) (local $a4 i32) (local $xAt i32)
    (local.set $c1_d2 (i32.const 0))
    (loop $c1_d2_loop
      (local.set $b3 (i32.const 0))
      (loop $b3_loop
        ;; 4 at a time
        (local.set $a4 (i32.const 0))
        (loop $a4_loop
          (local.set $xAt
            (i32.add
              (i32.add
                (i32.mul
                  (i32.add (i32.shl (local.get $a0) (i32.const 3)) (local.get $a4))
                  (i32.const 400))
                (i32.mul (local.get $b3) (i32.const 25)))
              (local.get $c1_d2)))
          (v128.store
            (i32.add
              (local.get $out)
              (i32.shl
                (i32.add
                  (i32.add
                    (i32.add
                      (i32.mul (local.get $a0) (i32.const 3200))
                      (i32.shl (local.get $c1_d2) (i32.const 7)))
                    (i32.shl (local.get $b3) (i32.const 3)))
                  (local.get $a4))
                (i32.const 2)))
            (v128.load32_lane offset=4800 3
              (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))
              (v128.load32_lane offset=3200 2
                (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))
                (v128.load32_lane offset=1600 1
                  (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2)))
                  (v128.load32_splat
                    (i32.add (local.get $x) (i32.shl (local.get $xAt) (i32.const 2))))))))
          (local.set $a4 (i32.add (local.get $a4) (i32.const 4)))
          (br_if $a4_loop (i32.lt_s (local.get $a4) (i32.const 8))))
        (local.set $b3 (i32.add (local.get $b3) (i32.const 1)))
        (br_if $b3_loop (i32.lt_s (local.get $b3) (i32.const 16))))
      (local.set $c1_d2 (i32.add (local.get $c1_d2) (i32.const 1)))
      (br_if $c1_d2_loop (i32.lt_s (local.get $c1_d2) (i32.const 25)))))

  ;; convnet.c1 + relu: direct, 4 pixels x 8 channels, 28 rows
  ;;     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
  ;;     out = max(value, 0)
  ;; x: f32[1,1,32,32], row-major
  ;; weight: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
  ;; bias: f32[6]
  ;; out: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
  (func $conv2d_5x5_1to6_relu
    (export "conv2d_5x5_1to6_relu")
    (param $x i32) (param $weight i32) (param $bias i32) (param $out i32)
    (local $row i32)
    (local.set $row (i32.const 0))
    (loop $row_loop
      (call $conv2d_5x5_1to6_relu.row
        (local.get $bias)
        (local.get $row)
        (local.get $weight)
        (local.get $x)
        (local.get $out))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $row_loop (i32.lt_s (local.get $row) (i32.const 28)))))
  (func $conv2d_5x5_1to6_relu.row
    (param $bias i32) (param $row i32) (param $weight i32) (param $x i32) (param $out i32)
    (local $ox i32) (local $bias0 v128) (local $bias1 v128) (local $sum00 v128) (local $sum01 v128)
    (local $sum10 v128) (local $sum11 v128) (local $sum20 v128) (local $sum21 v128)
    (local $sum30 v128) (local $sum31 v128) (local $xAt i32) (local $ky i32) (local $xRow i32)
    (local $wRow i32) (local $i i32) (local $xi i32) (local $wi i32) (local $w0 v128)
    (local $w1 v128) (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128)
    (local $outAt i32)
    (local.set $ox (i32.const 0))
    (loop $ox_loop
      (local.set $bias0 (v128.load (local.get $bias)))
      (local.set $bias1
        (f32x4.replace_lane 3
          (f32x4.replace_lane 2
            (v128.load32_lane offset=20 1
              (local.get $bias)
              (v128.load32_splat offset=16 (local.get $bias)))
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
      (local.set $xAt (i32.add (i32.shl (local.get $row) (i32.const 5)) (local.get $ox)))
      (local.set $ky (i32.const 0))
      (loop $ky_loop
        (local.set $xRow (i32.add (local.get $xAt) (i32.shl (local.get $ky) (i32.const 5))))
        (local.set $wRow (i32.mul (local.get $ky) (i32.const 40)))
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
            (v128.load32_splat (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum00
            (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00)))
          (local.set $sum01
            (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01)))
          (local.set $x1
            (v128.load32_splat offset=4
              (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum10
            (f32x4.add (f32x4.mul (local.get $x1) (local.get $w0)) (local.get $sum10)))
          (local.set $sum11
            (f32x4.add (f32x4.mul (local.get $x1) (local.get $w1)) (local.get $sum11)))
          (local.set $x2
            (v128.load32_splat offset=8
              (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum20
            (f32x4.add (f32x4.mul (local.get $x2) (local.get $w0)) (local.get $sum20)))
          (local.set $sum21
            (f32x4.add (f32x4.mul (local.get $x2) (local.get $w1)) (local.get $sum21)))
          (local.set $x3
            (v128.load32_splat offset=12
              (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum30
            (f32x4.add (f32x4.mul (local.get $x3) (local.get $w0)) (local.get $sum30)))
          (local.set $sum31
            (f32x4.add (f32x4.mul (local.get $x3) (local.get $w1)) (local.get $sum31)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 5))))
        (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
        (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 5))))
      (local.set $outAt
        (i32.add (i32.mul (local.get $row) (i32.const 168)) (i32.mul (local.get $ox) (i32.const 6))))
      (v128.store
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum00) (v128.const f32x4 0 0 0 0)))
      (f32.store offset=16
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 0 (local.get $sum01)) (f32.const 0)))
      (f32.store offset=20
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 1 (local.get $sum01)) (f32.const 0)))
      (v128.store offset=24
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum10) (v128.const f32x4 0 0 0 0)))
      (f32.store offset=40
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 0 (local.get $sum11)) (f32.const 0)))
      (f32.store offset=44
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 1 (local.get $sum11)) (f32.const 0)))
      (v128.store offset=48
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum20) (v128.const f32x4 0 0 0 0)))
      (f32.store offset=64
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 0 (local.get $sum21)) (f32.const 0)))
      (f32.store offset=68
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 1 (local.get $sum21)) (f32.const 0)))
      (v128.store offset=72
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum30) (v128.const f32x4 0 0 0 0)))
      (f32.store offset=88
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 0 (local.get $sum31)) (f32.const 0)))
      (f32.store offset=92
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32.max (f32x4.extract_lane 1 (local.get $sum31)) (f32.const 0)))
      (local.set $ox (i32.add (local.get $ox) (i32.const 4)))
      (br_if $ox_loop (i32.lt_s (local.get $ox) (i32.const 28)))))

  ;; maxPool: windows in registers, 4 channels
  ;;     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
  ;; x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
  ;; out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
  (func $maxPool_2x2_s2_6
    (export "maxPool_2x2_s2_6")
    (param $x i32) (param $out i32)
    (local $oy i32) (local $y0 i32) (local $y1 i32) (local $row0 i32) (local $row1 i32)
    (local $ox i32) (local $x0 i32) (local $x1 i32) (local $tap00 i32) (local $tap01 i32)
    (local $tap10 i32) (local $tap11 i32) (local $value v128) (local $outAt i32)
    (local.set $oy (i32.const 0))
    (loop $oy_loop
      (local.set $y0 (i32.shl (local.get $oy) (i32.const 1)))
      (local.set $y1 (i32.add (i32.shl (local.get $oy) (i32.const 1)) (i32.const 1)))
      (local.set $row0 (i32.mul (local.get $y0) (i32.const 168)))
      (local.set $row1 (i32.mul (local.get $y1) (i32.const 168)))
      (local.set $ox (i32.const 0))
      (loop $ox_loop
        (local.set $x0 (i32.shl (local.get $ox) (i32.const 1)))
        (local.set $x1 (i32.add (i32.shl (local.get $ox) (i32.const 1)) (i32.const 1)))
        (local.set $tap00 (i32.add (local.get $row0) (i32.mul (local.get $x0) (i32.const 6))))
        (local.set $tap01 (i32.add (local.get $row0) (i32.mul (local.get $x1) (i32.const 6))))
        (local.set $tap10 (i32.add (local.get $row1) (i32.mul (local.get $x0) (i32.const 6))))
        (local.set $tap11 (i32.add (local.get $row1) (i32.mul (local.get $x1) (i32.const 6))))
        ;; channels 0 to 3
        (v128.store
          (i32.add
            (local.get $out)
            (i32.shl
              (i32.add
                (i32.mul (local.get $oy) (i32.const 84))
                (i32.mul (local.get $ox) (i32.const 6)))
              (i32.const 2)))
          (f32x4.max
            (f32x4.max
              (v128.load (i32.add (local.get $x) (i32.shl (local.get $tap00) (i32.const 2))))
              (v128.load (i32.add (local.get $x) (i32.shl (local.get $tap01) (i32.const 2)))))
            (f32x4.max
              (v128.load (i32.add (local.get $x) (i32.shl (local.get $tap10) (i32.const 2))))
              (v128.load (i32.add (local.get $x) (i32.shl (local.get $tap11) (i32.const 2)))))))
        ;; the last 2 channels
        (local.set $value
          (f32x4.max
            (f32x4.max
              (f32x4.replace_lane 3
                (f32x4.replace_lane 2
                  (v128.load32_lane offset=20 1
                    (i32.add (local.get $x) (i32.shl (local.get $tap00) (i32.const 2)))
                    (v128.load32_splat offset=16
                      (i32.add (local.get $x) (i32.shl (local.get $tap00) (i32.const 2)))))
                  (f32.const 0))
                (f32.const 0))
              (f32x4.replace_lane 3
                (f32x4.replace_lane 2
                  (v128.load32_lane offset=20 1
                    (i32.add (local.get $x) (i32.shl (local.get $tap01) (i32.const 2)))
                    (v128.load32_splat offset=16
                      (i32.add (local.get $x) (i32.shl (local.get $tap01) (i32.const 2)))))
                  (f32.const 0))
                (f32.const 0)))
            (f32x4.max
              (f32x4.replace_lane 3
                (f32x4.replace_lane 2
                  (v128.load32_lane offset=20 1
                    (i32.add (local.get $x) (i32.shl (local.get $tap10) (i32.const 2)))
                    (v128.load32_splat offset=16
                      (i32.add (local.get $x) (i32.shl (local.get $tap10) (i32.const 2)))))
                  (f32.const 0))
                (f32.const 0))
              (f32x4.replace_lane 3
                (f32x4.replace_lane 2
                  (v128.load32_lane offset=20 1
                    (i32.add (local.get $x) (i32.shl (local.get $tap11) (i32.const 2)))
                    (v128.load32_splat offset=16
                      (i32.add (local.get $x) (i32.shl (local.get $tap11) (i32.const 2)))))
                  (f32.const 0))
                (f32.const 0)))))
        (local.set $outAt
          (i32.add (i32.mul (local.get $oy) (i32.const 84)) (i32.mul (local.get $ox) (i32.const 6))))
        (v128.store32_lane offset=16 0
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $value))
        (v128.store32_lane offset=20 1
          (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
          (local.get $value))
        (local.set $ox (i32.add (local.get $ox) (i32.const 1)))
        (br_if $ox_loop (i32.lt_s (local.get $ox) (i32.const 14))))
      (local.set $oy (i32.add (local.get $oy) (i32.const 1)))
      (br_if $oy_loop (i32.lt_s (local.get $oy) (i32.const 14)))))

  ;; convnet.c3 + relu: direct, 4 pixels x 8 channels, 10 rows
  ;;     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
  ;;     out = max(value, 0)
  ;; x: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
  ;; weight: f32[16,6,5,5], in memory [o / 8: 2][kh 5][kw 5][i 6][o % 8]
  ;; bias: f32[16]
  ;; out: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
  (func $conv2d_5x5_6to16_relu
    (export "conv2d_5x5_6to16_relu")
    (param $x i32) (param $weight i32) (param $bias i32) (param $out i32)
    (local $block i32) (local $row i32)
    (local.set $block (i32.const 0))
    (loop $block_loop
      (local.set $row (i32.const 0))
      (loop $row_loop
        (call $conv2d_5x5_6to16_relu.row
          (local.get $block)
          (local.get $bias)
          (local.get $row)
          (local.get $weight)
          (local.get $x)
          (local.get $out))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br_if $row_loop (i32.lt_s (local.get $row) (i32.const 10))))
      ;; the last 2 columns
      (local.set $row (i32.const 0))
      (loop $row_loop
        (call $conv2d_5x5_6to16_relu.row1
          (local.get $block)
          (local.get $bias)
          (local.get $row)
          (local.get $weight)
          (local.get $x)
          (local.get $out))
        (local.set $row (i32.add (local.get $row) (i32.const 2)))
        (br_if $row_loop (i32.lt_s (local.get $row) (i32.const 10))))
      (local.set $block (i32.add (local.get $block) (i32.const 1)))
      (br_if $block_loop (i32.lt_s (local.get $block) (i32.const 2)))))
  (func $conv2d_5x5_6to16_relu.row
    (param $block i32) (param $bias i32) (param $row i32) (param $weight i32) (param $x i32)
    (param $out i32)
    (local $ox i32) (local $biasAt i32) (local $bias0 v128) (local $bias1 v128) (local $sum00 v128)
    (local $sum01 v128) (local $sum10 v128) (local $sum11 v128) (local $sum20 v128)
    (local $sum21 v128) (local $sum30 v128) (local $sum31 v128) (local $xAt i32) (local $wAt i32)
    (local $ky i32) (local $xRow i32) (local $wRow i32) (local $i i32) (local $xi i32)
    (local $wi i32) (local $w0 v128) (local $w1 v128) (local $x0 v128) (local $x1 v128)
    (local $x2 v128) (local $x3 v128) (local $outAt i32)
    (local.set $ox (i32.const 0))
    (loop $ox_loop
      (local.set $biasAt (i32.shl (local.get $block) (i32.const 3)))
      (local.set $bias0
        (v128.load (i32.add (local.get $bias) (i32.shl (local.get $biasAt) (i32.const 2)))))
      (local.set $bias1
        (v128.load offset=16
          (i32.add (local.get $bias) (i32.shl (local.get $biasAt) (i32.const 2)))))
      (local.set $sum00 (local.get $bias0))
      (local.set $sum01 (local.get $bias1))
      (local.set $sum10 (local.get $bias0))
      (local.set $sum11 (local.get $bias1))
      (local.set $sum20 (local.get $bias0))
      (local.set $sum21 (local.get $bias1))
      (local.set $sum30 (local.get $bias0))
      (local.set $sum31 (local.get $bias1))
      (local.set $xAt
        (i32.add (i32.mul (local.get $row) (i32.const 84)) (i32.mul (local.get $ox) (i32.const 6))))
      (local.set $wAt (i32.mul (local.get $block) (i32.const 1200)))
      (local.set $ky (i32.const 0))
      (loop $ky_loop
        (local.set $xRow (i32.add (local.get $xAt) (i32.mul (local.get $ky) (i32.const 84))))
        (local.set $wRow (i32.add (local.get $wAt) (i32.mul (local.get $ky) (i32.const 240))))
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
            (v128.load32_splat (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum00
            (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00)))
          (local.set $sum01
            (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01)))
          (local.set $x1
            (v128.load32_splat offset=24
              (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum10
            (f32x4.add (f32x4.mul (local.get $x1) (local.get $w0)) (local.get $sum10)))
          (local.set $sum11
            (f32x4.add (f32x4.mul (local.get $x1) (local.get $w1)) (local.get $sum11)))
          (local.set $x2
            (v128.load32_splat offset=48
              (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum20
            (f32x4.add (f32x4.mul (local.get $x2) (local.get $w0)) (local.get $sum20)))
          (local.set $sum21
            (f32x4.add (f32x4.mul (local.get $x2) (local.get $w1)) (local.get $sum21)))
          (local.set $x3
            (v128.load32_splat offset=72
              (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
          (local.set $sum30
            (f32x4.add (f32x4.mul (local.get $x3) (local.get $w0)) (local.get $sum30)))
          (local.set $sum31
            (f32x4.add (f32x4.mul (local.get $x3) (local.get $w1)) (local.get $sum31)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 30))))
        (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
        (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 5))))
      (local.set $outAt
        (i32.add
          (i32.add
            (i32.mul (local.get $row) (i32.const 160))
            (i32.shl (local.get $ox) (i32.const 4)))
          (i32.shl (local.get $block) (i32.const 3))))
      (v128.store
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum00) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=16
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum01) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=64
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum10) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=80
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum11) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=128
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum20) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=144
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum21) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=192
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum30) (v128.const f32x4 0 0 0 0)))
      (v128.store offset=208
        (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
        (f32x4.pmax (local.get $sum31) (v128.const f32x4 0 0 0 0)))
      (local.set $ox (i32.add (local.get $ox) (i32.const 4)))
      (br_if $ox_loop (i32.lt_s (local.get $ox) (i32.const 8)))))
  (func $conv2d_5x5_6to16_relu.row1
    (param $block i32) (param $bias i32) (param $row i32) (param $weight i32) (param $x i32)
    (param $out i32)
    (local $biasAt i32) (local $bias0 v128) (local $bias1 v128) (local $sum00 v128)
    (local $sum01 v128) (local $sum10 v128) (local $sum11 v128) (local $sum20 v128)
    (local $sum21 v128) (local $sum30 v128) (local $sum31 v128) (local $xAt i32) (local $wAt i32)
    (local $ky i32) (local $xRow i32) (local $wRow i32) (local $i i32) (local $xi i32)
    (local $wi i32) (local $w0 v128) (local $w1 v128) (local $x0 v128) (local $x1 v128)
    (local $x2 v128) (local $x3 v128) (local $outAt i32)
    (local.set $biasAt (i32.shl (local.get $block) (i32.const 3)))
    (local.set $bias0
      (v128.load (i32.add (local.get $bias) (i32.shl (local.get $biasAt) (i32.const 2)))))
    (local.set $bias1
      (v128.load offset=16 (i32.add (local.get $bias) (i32.shl (local.get $biasAt) (i32.const 2)))))
    (local.set $sum00 (local.get $bias0))
    (local.set $sum01 (local.get $bias1))
    (local.set $sum10 (local.get $bias0))
    (local.set $sum11 (local.get $bias1))
    (local.set $sum20 (local.get $bias0))
    (local.set $sum21 (local.get $bias1))
    (local.set $sum30 (local.get $bias0))
    (local.set $sum31 (local.get $bias1))
    (local.set $xAt (i32.add (i32.mul (local.get $row) (i32.const 84)) (i32.const 48)))
    (local.set $wAt (i32.mul (local.get $block) (i32.const 1200)))
    (local.set $ky (i32.const 0))
    (loop $ky_loop
      (local.set $xRow (i32.add (local.get $xAt) (i32.mul (local.get $ky) (i32.const 84))))
      (local.set $wRow (i32.add (local.get $wAt) (i32.mul (local.get $ky) (i32.const 240))))
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
          (v128.load32_splat (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum00
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00)))
        (local.set $sum01
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01)))
        (local.set $x1
          (v128.load32_splat offset=24
            (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum10
          (f32x4.add (f32x4.mul (local.get $x1) (local.get $w0)) (local.get $sum10)))
        (local.set $sum11
          (f32x4.add (f32x4.mul (local.get $x1) (local.get $w1)) (local.get $sum11)))
        (local.set $x2
          (v128.load32_splat offset=336
            (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum20
          (f32x4.add (f32x4.mul (local.get $x2) (local.get $w0)) (local.get $sum20)))
        (local.set $sum21
          (f32x4.add (f32x4.mul (local.get $x2) (local.get $w1)) (local.get $sum21)))
        (local.set $x3
          (v128.load32_splat offset=360
            (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum30
          (f32x4.add (f32x4.mul (local.get $x3) (local.get $w0)) (local.get $sum30)))
        (local.set $sum31
          (f32x4.add (f32x4.mul (local.get $x3) (local.get $w1)) (local.get $sum31)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 30))))
      (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
      (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 5))))
    (local.set $outAt
      (i32.add
        (i32.mul (local.get $row) (i32.const 160))
        (i32.shl (local.get $block) (i32.const 3))))
    (v128.store offset=512
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum00) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=528
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum01) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=576
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum10) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=592
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum11) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=1152
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum20) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=1168
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum21) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=1216
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum30) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=1232
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum31) (v128.const f32x4 0 0 0 0))))

  ;; maxPool2: windows in registers, 4 channels
  ;;     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
  ;; x: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
  ;; out: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
  (func $maxPool_2x2_s2_16
    (export "maxPool_2x2_s2_16")
    (param $x i32) (param $out i32)
    (local $oy i32) (local $y0 i32) (local $y1 i32) (local $row0 i32) (local $row1 i32)
    (local $ox i32) (local $x0 i32) (local $x1 i32) (local $tap00 i32) (local $tap01 i32)
    (local $tap10 i32) (local $tap11 i32) (local $c i32)
    (local.set $oy (i32.const 0))
    (loop $oy_loop
      (local.set $y0 (i32.shl (local.get $oy) (i32.const 1)))
      (local.set $y1 (i32.add (i32.shl (local.get $oy) (i32.const 1)) (i32.const 1)))
      (local.set $row0 (i32.mul (local.get $y0) (i32.const 160)))
      (local.set $row1 (i32.mul (local.get $y1) (i32.const 160)))
      (local.set $ox (i32.const 0))
      (loop $ox_loop
        (local.set $x0 (i32.shl (local.get $ox) (i32.const 1)))
        (local.set $x1 (i32.add (i32.shl (local.get $ox) (i32.const 1)) (i32.const 1)))
        (local.set $tap00 (i32.add (local.get $row0) (i32.shl (local.get $x0) (i32.const 4))))
        (local.set $tap01 (i32.add (local.get $row0) (i32.shl (local.get $x1) (i32.const 4))))
        (local.set $tap10 (i32.add (local.get $row1) (i32.shl (local.get $x0) (i32.const 4))))
        (local.set $tap11 (i32.add (local.get $row1) (i32.shl (local.get $x1) (i32.const 4))))
        (local.set $c (i32.const 0))
        (loop $c_loop
          (v128.store
            (i32.add
              (local.get $out)
              (i32.shl
                (i32.add
                  (i32.add
                    (i32.mul (local.get $oy) (i32.const 80))
                    (i32.shl (local.get $ox) (i32.const 4)))
                  (local.get $c))
                (i32.const 2)))
            (f32x4.max
              (f32x4.max
                (v128.load
                  (i32.add
                    (local.get $x)
                    (i32.shl (i32.add (local.get $tap00) (local.get $c)) (i32.const 2))))
                (v128.load
                  (i32.add
                    (local.get $x)
                    (i32.shl (i32.add (local.get $tap01) (local.get $c)) (i32.const 2)))))
              (f32x4.max
                (v128.load
                  (i32.add
                    (local.get $x)
                    (i32.shl (i32.add (local.get $tap10) (local.get $c)) (i32.const 2))))
                (v128.load
                  (i32.add
                    (local.get $x)
                    (i32.shl (i32.add (local.get $tap11) (local.get $c)) (i32.const 2)))))))
          (local.set $c (i32.add (local.get $c) (i32.const 4)))
          (br_if $c_loop (i32.lt_s (local.get $c) (i32.const 16))))
        (local.set $ox (i32.add (local.get $ox) (i32.const 1)))
        (br_if $ox_loop (i32.lt_s (local.get $ox) (i32.const 5))))
      (local.set $oy (i32.add (local.get $oy) (i32.const 1)))
      (br_if $oy_loop (i32.lt_s (local.get $oy) (i32.const 5)))))

  ;; convnet.c5 + relu: direct, 4 pixels x 8 channels, 1 rows
  ;;     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
  ;;     out = max(value, 0)
  ;; x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
  ;; weight: f32[120,16,5,5], in memory [o / 8: 15][kh 5][kw 5][i 16][o % 8]
  ;; bias: f32[120]
  ;; out: f32[1,120,1,1]
  (func $conv2d_5x5_16to120_relu
    (export "conv2d_5x5_16to120_relu")
    (param $x i32) (param $weight i32) (param $bias i32) (param $out i32)
    (local $block i32)
    (local.set $block (i32.const 0))
    (loop $block_loop
      (call $conv2d_5x5_16to120_relu.block
        (local.get $block)
        (local.get $bias)
        (local.get $weight)
        (local.get $x)
        (local.get $out))
      (local.set $block (i32.add (local.get $block) (i32.const 1)))
      (br_if $block_loop (i32.lt_s (local.get $block) (i32.const 15)))))
  (func $conv2d_5x5_16to120_relu.block
    (param $block i32) (param $bias i32) (param $weight i32) (param $x i32) (param $out i32)
    (local $biasAt i32) (local $bias0 v128) (local $bias1 v128) (local $sum00 v128)
    (local $sum01 v128) (local $wAt i32) (local $ky i32) (local $xRow i32) (local $wRow i32)
    (local $i i32) (local $xi i32) (local $wi i32) (local $w0 v128) (local $w1 v128)
    (local $x0 v128) (local $outAt i32)
    ;; the last column
    (local.set $biasAt (i32.shl (local.get $block) (i32.const 3)))
    (local.set $bias0
      (v128.load (i32.add (local.get $bias) (i32.shl (local.get $biasAt) (i32.const 2)))))
    (local.set $bias1
      (v128.load offset=16 (i32.add (local.get $bias) (i32.shl (local.get $biasAt) (i32.const 2)))))
    (local.set $sum00 (local.get $bias0))
    (local.set $sum01 (local.get $bias1))
    (local.set $wAt (i32.mul (local.get $block) (i32.const 3200)))
    (local.set $ky (i32.const 0))
    (loop $ky_loop
      (local.set $xRow (i32.mul (local.get $ky) (i32.const 80)))
      (local.set $wRow (i32.add (local.get $wAt) (i32.mul (local.get $ky) (i32.const 640))))
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
          (v128.load32_splat (i32.add (local.get $x) (i32.shl (local.get $xi) (i32.const 2)))))
        (local.set $sum00
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w0)) (local.get $sum00)))
        (local.set $sum01
          (f32x4.add (f32x4.mul (local.get $x0) (local.get $w1)) (local.get $sum01)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 80))))
      (local.set $ky (i32.add (local.get $ky) (i32.const 1)))
      (br_if $ky_loop (i32.lt_s (local.get $ky) (i32.const 5))))
    (local.set $outAt (i32.shl (local.get $block) (i32.const 3)))
    (v128.store
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum00) (v128.const f32x4 0 0 0 0)))
    (v128.store offset=16
      (i32.add (local.get $out) (i32.shl (local.get $outAt) (i32.const 2)))
      (f32x4.pmax (local.get $sum01) (v128.const f32x4 0 0 0 0))))

  ;; fc.f6 + relu: dot products, 1 x 4
  ;;     value = bias[o] + sum over i of weight[o, i] * x[n, i]
  ;;     out = max(value, 0)
  ;; x: f32[1,120]
  ;; weight: f32[84,120], row-major
  ;; bias: f32[84]
  ;; out: f32[1,84]
  (func $linear_120to84_relu
    (export "linear_120to84_relu")
    (param $x i32) (param $weight i32) (param $bias i32) (param $out i32)
    (local $o i32)
    (local.set $o (i32.const 0))
    (loop $o_loop
      (call $linear_120to84_relu.o
        (local.get $o)
        (local.get $x)
        (local.get $weight)
        (local.get $bias)
        (local.get $out))
      (local.set $o (i32.add (local.get $o) (i32.const 4)))
      (br_if $o_loop (i32.lt_s (local.get $o) (i32.const 84)))))
  (func $linear_120to84_relu.o
    (param $o i32) (param $x i32) (param $weight i32) (param $bias i32) (param $out i32)
    (local $wAt i32) (local $sum00 v128) (local $sum01 v128) (local $sum02 v128) (local $sum03 v128)
    (local $i i32) (local $a0 v128) (local $bi i32) (local $b0 v128) (local $b1 v128)
    (local $b2 v128) (local $b3 v128) (local $bias_2 v128)
    (local.set $wAt (i32.mul (local.get $o) (i32.const 120)))
    (local.set $sum00 (v128.const f32x4 0 0 0 0))
    (local.set $sum01 (v128.const f32x4 0 0 0 0))
    (local.set $sum02 (v128.const f32x4 0 0 0 0))
    (local.set $sum03 (v128.const f32x4 0 0 0 0))
    (local.set $i (i32.const 0))
    (loop $i_loop
      (local.set $a0 (v128.load (i32.add (local.get $x) (i32.shl (local.get $i) (i32.const 2)))))
      (local.set $bi (i32.add (local.get $wAt) (local.get $i)))
      (local.set $b0
        (v128.load (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
      (local.set $sum00 (f32x4.add (f32x4.mul (local.get $a0) (local.get $b0)) (local.get $sum00)))
      (local.set $b1
        (v128.load offset=480 (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
      (local.set $sum01 (f32x4.add (f32x4.mul (local.get $a0) (local.get $b1)) (local.get $sum01)))
      (local.set $b2
        (v128.load offset=960 (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
      (local.set $sum02 (f32x4.add (f32x4.mul (local.get $a0) (local.get $b2)) (local.get $sum02)))
      (local.set $b3
        (v128.load offset=1440
          (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
      (local.set $sum03 (f32x4.add (f32x4.mul (local.get $a0) (local.get $b3)) (local.get $sum03)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 120))))
    (local.set $bias_2
      (v128.load (i32.add (local.get $bias) (i32.shl (local.get $o) (i32.const 2)))))
    (v128.store
      (i32.add (local.get $out) (i32.shl (local.get $o) (i32.const 2)))
      (f32x4.pmax
        (f32x4.add
          (f32x4.replace_lane 3
            (f32x4.replace_lane 2
              (f32x4.replace_lane 1
                (f32x4.splat
                  (f32.add
                    (f32.add
                      (f32x4.extract_lane 0 (local.get $sum00))
                      (f32x4.extract_lane 1 (local.get $sum00)))
                    (f32.add
                      (f32x4.extract_lane 2 (local.get $sum00))
                      (f32x4.extract_lane 3 (local.get $sum00)))))
                (f32.add
                  (f32.add
                    (f32x4.extract_lane 0 (local.get $sum01))
                    (f32x4.extract_lane 1 (local.get $sum01)))
                  (f32.add
                    (f32x4.extract_lane 2 (local.get $sum01))
                    (f32x4.extract_lane 3 (local.get $sum01)))))
              (f32.add
                (f32.add
                  (f32x4.extract_lane 0 (local.get $sum02))
                  (f32x4.extract_lane 1 (local.get $sum02)))
                (f32.add
                  (f32x4.extract_lane 2 (local.get $sum02))
                  (f32x4.extract_lane 3 (local.get $sum02)))))
            (f32.add
              (f32.add
                (f32x4.extract_lane 0 (local.get $sum03))
                (f32x4.extract_lane 1 (local.get $sum03)))
              (f32.add
                (f32x4.extract_lane 2 (local.get $sum03))
                (f32x4.extract_lane 3 (local.get $sum03)))))
          (local.get $bias_2))
        (v128.const f32x4 0 0 0 0))))

  ;; fc.f7: dot products, 1 x 4
  ;;     out = bias[o] + sum over i of weight[o, i] * x[n, i]
  ;; x: f32[1,84]
  ;; weight: f32[10,84], row-major
  ;; bias: f32[10]
  ;; out: f32[1,10]
  (func $linear_84to10
    (export "linear_84to10")
    (param $x i32) (param $weight i32) (param $bias i32) (param $out i32)
    (local $o i32) (local $wAt i32) (local $sum00 v128) (local $sum01 v128) (local $sum02 v128)
    (local $sum03 v128) (local $i i32) (local $a0 v128) (local $bi i32) (local $b0 v128)
    (local $b1 v128) (local $b2 v128) (local $b3 v128) (local $bias_2 v128) (local $value v128)
    ;; columns 0 to 7, 4 at a time
    (local.set $o (i32.const 0))
    (loop $o_loop
      (local.set $wAt (i32.mul (local.get $o) (i32.const 84)))
      (local.set $sum00 (v128.const f32x4 0 0 0 0))
      (local.set $sum01 (v128.const f32x4 0 0 0 0))
      (local.set $sum02 (v128.const f32x4 0 0 0 0))
      (local.set $sum03 (v128.const f32x4 0 0 0 0))
      (local.set $i (i32.const 0))
      (loop $i_loop
        (local.set $a0 (v128.load (i32.add (local.get $x) (i32.shl (local.get $i) (i32.const 2)))))
        (local.set $bi (i32.add (local.get $wAt) (local.get $i)))
        (local.set $b0
          (v128.load (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
        (local.set $sum00
          (f32x4.add (f32x4.mul (local.get $a0) (local.get $b0)) (local.get $sum00)))
        (local.set $b1
          (v128.load offset=336
            (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
        (local.set $sum01
          (f32x4.add (f32x4.mul (local.get $a0) (local.get $b1)) (local.get $sum01)))
        (local.set $b2
          (v128.load offset=672
            (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
        (local.set $sum02
          (f32x4.add (f32x4.mul (local.get $a0) (local.get $b2)) (local.get $sum02)))
        (local.set $b3
          (v128.load offset=1008
            (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
        (local.set $sum03
          (f32x4.add (f32x4.mul (local.get $a0) (local.get $b3)) (local.get $sum03)))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 84))))
      (local.set $bias_2
        (v128.load (i32.add (local.get $bias) (i32.shl (local.get $o) (i32.const 2)))))
      (v128.store
        (i32.add (local.get $out) (i32.shl (local.get $o) (i32.const 2)))
        (f32x4.add
          (f32x4.replace_lane 3
            (f32x4.replace_lane 2
              (f32x4.replace_lane 1
                (f32x4.splat
                  (f32.add
                    (f32.add
                      (f32x4.extract_lane 0 (local.get $sum00))
                      (f32x4.extract_lane 1 (local.get $sum00)))
                    (f32.add
                      (f32x4.extract_lane 2 (local.get $sum00))
                      (f32x4.extract_lane 3 (local.get $sum00)))))
                (f32.add
                  (f32.add
                    (f32x4.extract_lane 0 (local.get $sum01))
                    (f32x4.extract_lane 1 (local.get $sum01)))
                  (f32.add
                    (f32x4.extract_lane 2 (local.get $sum01))
                    (f32x4.extract_lane 3 (local.get $sum01)))))
              (f32.add
                (f32.add
                  (f32x4.extract_lane 0 (local.get $sum02))
                  (f32x4.extract_lane 1 (local.get $sum02)))
                (f32.add
                  (f32x4.extract_lane 2 (local.get $sum02))
                  (f32x4.extract_lane 3 (local.get $sum02)))))
            (f32.add
              (f32.add
                (f32x4.extract_lane 0 (local.get $sum03))
                (f32x4.extract_lane 1 (local.get $sum03)))
              (f32.add
                (f32x4.extract_lane 2 (local.get $sum03))
                (f32x4.extract_lane 3 (local.get $sum03)))))
          (local.get $bias_2)))
      (local.set $o (i32.add (local.get $o) (i32.const 4)))
      (br_if $o_loop (i32.lt_s (local.get $o) (i32.const 8))))
    ;; the last 2 columns
    (local.set $sum00 (v128.const f32x4 0 0 0 0))
    (local.set $sum01 (v128.const f32x4 0 0 0 0))
    (local.set $i (i32.const 0))
    (loop $i_loop
      (local.set $a0 (v128.load (i32.add (local.get $x) (i32.shl (local.get $i) (i32.const 2)))))
      (local.set $bi (i32.add (local.get $i) (i32.const 672)))
      (local.set $b0
        (v128.load (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
      (local.set $sum00 (f32x4.add (f32x4.mul (local.get $a0) (local.get $b0)) (local.get $sum00)))
      (local.set $b1
        (v128.load offset=336 (i32.add (local.get $weight) (i32.shl (local.get $bi) (i32.const 2)))))
      (local.set $sum01 (f32x4.add (f32x4.mul (local.get $a0) (local.get $b1)) (local.get $sum01)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $i_loop (i32.lt_s (local.get $i) (i32.const 84))))
    (local.set $bias_2
      (f32x4.replace_lane 3
        (f32x4.replace_lane 2
          (v128.load32_lane offset=36 1
            (local.get $bias)
            (v128.load32_splat offset=32 (local.get $bias)))
          (f32.const 0))
        (f32.const 0)))
    (local.set $value
      (f32x4.add
        (f32x4.replace_lane 3
          (f32x4.replace_lane 2
            (f32x4.replace_lane 1
              (f32x4.splat
                (f32.add
                  (f32.add
                    (f32x4.extract_lane 0 (local.get $sum00))
                    (f32x4.extract_lane 1 (local.get $sum00)))
                  (f32.add
                    (f32x4.extract_lane 2 (local.get $sum00))
                    (f32x4.extract_lane 3 (local.get $sum00)))))
              (f32.add
                (f32.add
                  (f32x4.extract_lane 0 (local.get $sum01))
                  (f32x4.extract_lane 1 (local.get $sum01)))
                (f32.add
                  (f32x4.extract_lane 2 (local.get $sum01))
                  (f32x4.extract_lane 3 (local.get $sum01)))))
            (f32.const 0))
          (f32.const 0))
        (local.get $bias_2)))
    (v128.store32_lane offset=32 0 (local.get $out) (local.get $value))
    (v128.store32_lane offset=36 1 (local.get $out) (local.get $value)))
)
