"""Parameters of types as polynomials of their fields, one class a paragraph.

Written by `benchmarks/hf_law_table.py` from what `benchmarks/hf_shapes.py` learned of transformers 5.24.0 and diffusers
0.42.1. `a:path=value` names a field and its default, `a~terms` what it is worked out by, `!path=value` what the law is
held to, `+4*a*b` a term.
"""

TABLE = """
clap ClapModel a:audio_config.num_mel_bins=64 b:audio_config.depths.0=2 c:audio_config.patch_embeds_hidden_size=96
  d:audio_config.depths.1=2 e:audio_config.depths.2=6 f:audio_config.depths.3=2 g:audio_config.qkv_bias=1
  h:audio_config.window_size=8 i:audio_config.mlp_ratio=4.0 j:audio_config.enable_fusion=0
  k:audio_config.patch_embed_input_channels=1 l:audio_config.patch_size=4 m:audio_config.enable_patch_layer_norm=1
  n:projection_dim=512 o:audio_config.hidden_size=768 p:text_config.hidden_size=768
  q:text_config.max_position_embeddings=514 r:text_config.type_vocab_size=1 s:text_config.vocab_size=50265
  t:text_config.num_hidden_layers=12 u:text_config.intermediate_size=3072 !audio_config.fusion_type=null
  !audio_config.model_type="clap_audio_model" !text_config.model_type="clap_text_model" +2*a +6*b*c +12*d*c +24*e*c
  +48*f*c +4*b*c*c +16*d*c*c +64*e*c*c +256*f*c*c +3*b*c*g +6*d*c*g +12*e*c*g +24*f*c*g -16*b*h +16*b*h*h +4*b -32*d*h
  +32*d*h*h +8*d -64*e*h +64*e*h*h +16*e -128*f*h +128*f*h*h +32*f +1*b*i*c +2*d*i*c +4*e*i*c +8*f*i*c +2*b*i*c*c
  +8*d*i*c*c +32*e*i*c*c +128*f*i*c*c +73*c +168*c*c +6*j*c//4 +7*j*c +4*j*c*c//4 +3*j*k*c*l*l +2*m*c +1*k*c*l*l +4*n
  +1*o*n +2*n*n +2 +3*p +1*p*q +1*p*r +1*p*s +9*p*t +4*p*p*t +1*u*t +2*p*u*t +1*p*p +1*n*p
dpt DPTForDepthEstimation a:is_hybrid=0 b:hidden_size=768 c:num_channels=3 d:patch_size=16 e:image_size=384
  f:num_hidden_layers=12 g:qkv_bias=1 h:intermediate_size=3072 i:fusion_hidden_size=256 j:add_projection=0
  k:neck_hidden_sizes.0=96 l:neck_hidden_sizes.1=192 m:neck_hidden_sizes.2=384 n:neck_hidden_sizes.3=768
  o:use_batch_norm_in_fusion_residual=0 !backbone_config=null !backbone_featmap_shape=null !head_in_index=-1
  !neck_ignore_stages=[] !readout_type="project" !use_bias_in_fusion_residual=null +11894848*a +9*b +1022*b*a
  -1*b*a*c*d*d +1*b*c*d*d +1*b*e//d*e//d +3*b*f*g +4*b*b*f +6*b*f +1*h*f +2*b*h*f +289*i//2 +65 +9*i*i//2 +590080*j
  +9*i*k +9*i*l +9*i*m +9*i*n +20*i +148*i*i +16*i*o -2*a*k +2*k -2*a*l +2*l +1*m +2*n -1*b*a*k +1*b*k -1*b*a*l +1*b*l
  +1*b*m +1*b*n -16*a*k*k +16*k*k -4*a*l*l +4*l*l +9*n*n -4*b*b*a +8*b*b
efficientnet EfficientNetForImageClassification a:#labels=2 b:hidden_dim=2560 c:depth_divisor=8 d:num_channels=3
  e:kernel_sizes.0=3 f:kernel_sizes.1=3 g:kernel_sizes.2=5 h:kernel_sizes.3=3 i:kernel_sizes.4=5 j:kernel_sizes.5=5
  k:kernel_sizes.6=3 a~ !depthwise_padding=[] !expand_ratios=[1,6,6,6,6,6,6] !in_channels=[32,16,24,40,80,112,192]
  !num_block_repeats=[1,2,2,3,3,4,1] !out_channels=[16,24,40,80,112,192,320] !pooling_type="mean"
  !squeeze_expansion_ratio=0.25 +1*a +1*a*b +459529*c -939061*c//2 +62369355 -9*c*d +27*c//2*d +540*d +14*c*e*e
  +3*c//2*e*e +60*e*e -3*c*c//8*e*e -78*c*f*f +216*c//2*f*f +1728*f*f +18*c*g*g -72*c//2*g*g +3312*g*g +114*c*h*h
  -180*c//2*h*h +8928*h*h +66*c*i*i -180*c//2*i*i +13248*i*i +222*c*j*j -450*c//2*j*j +29016*j*j -3*c*c//4*f*f
  +18*c//2*k*k +13752*k*k -77*c*c//8 -465*c*c//4 +3256*c*c -11910*c*c//2 -65*c*c*c//8 -3*c*c//2*c//8 +3*c*c*c//8*c//8
  +12321*c//2*c//2 -12*c*c*c//4 -18*c*c//2*c//4 -228*c*c//5 +684*c//2*c//5 +138120*c//5 +18*c*c//4*c//8 +252*c//2*c//8
  -15703*c//8 +18*c*c//4*c//4 -12*c//4 +3*c*c*c//4*c//8 +2*b
efficientnet EfficientNetModel a:num_channels=3 b:kernel_sizes.0=3 c:kernel_sizes.1=3 d:kernel_sizes.2=5
  e:kernel_sizes.3=3 f:kernel_sizes.4=5 g:kernel_sizes.5=5 h:kernel_sizes.6=3 i:hidden_dim=2560 !depth_divisor=8
  !depthwise_padding=[] !expand_ratios=[1,6,6,6,6,6,6] !in_channels=[32,16,24,40,80,112,192]
  !num_block_repeats=[1,2,2,3,3,4,1] !out_channels=[16,24,40,80,112,192,320] !pooling_type="mean"
  !squeeze_expansion_ratio=0.25 +62424496 +576*a +160*b*b +1920*c*c +3168*d*d +9120*e*e +13056*f*f +28992*g*g
  +13824*h*h +2*i
git GitForCausalLM a:hidden_size=768 b:max_position_embeddings=1024 c:vocab_size=30522 d:num_hidden_layers=6
  e:intermediate_size=3072 f:vision_config.hidden_size=768 g:vision_config.num_channels=3
  h:vision_config.patch_size=16 i:vision_config.image_size=224 j:vision_config.num_hidden_layers=12
  k:vision_config.intermediate_size=3072 l:tie_word_embeddings=0 !num_image_with_embedding=null
  !vision_config.model_type="git_vision_model" +5*a +1*a*b +2*a*c +9*a*d +4*a*a*d +1*e*d +2*a*e*d +6*f +1*f*g*h*h
  +1*f*i//h*i//h +9*f*j +1*k*j +2*f*k*j +4*f*f*j +1*a*f +1*c -1*a*l*c
janus JanusForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=32000
  c:tie_word_embeddings=1 d:vision_config.hidden_size=1024 e:vision_config.projection_dim=2048 f:vision_config.depth=2
  g:vq_config.projection_dim=2048 h:vq_config.embed_dim=8 i:vq_config.num_hidden_layers=2
  j:vq_config.num_embeddings=16384 k:text_config.num_hidden_layers=32 l:text_config.mlp_bias=0
  m:text_config.intermediate_size=11008 n:text_config.attention_bias=0 o:text_config.head_dim=128
  p:text_config.num_key_value_heads=32 q:vision_config.num_channels=3 r:vision_config.patch_size=16
  s:vision_config.image_size=384 t:vision_config.num_hidden_layers=24 u:vision_config.mlp_ratio=4.0
  v:vision_config.use_qk_norm=0 w:vision_config.attention_bias=1 x:vq_config.base_channels=128
  y:vq_config.channel_multiplier.4=4 z:vq_config.latent_channels=256 A:vq_config.out_channels=3
  B:vq_config.channel_multiplier.0=1 C:vq_config.channel_multiplier.3=2 D:vq_config.channel_multiplier.2=2
  E:vq_config.channel_multiplier.1=1 F:vq_config.in_channels=3 G:vq_config.double_latent=0 o~
  !text_config.model_type="llama" !vision_config.model_type="janus_vision_model" !vq_config.model_type="janus_vqgan"
  !vq_config.num_res_blocks=2 -1*a*b*c +2*a*b +1*d*e +1*f*e +1*f*e*e -1*e*e +2049*g +1*h*g +1*i*g +1*i*g*g -1*g*g
  +2*h*j +1*j +1*j*g +2*a*k +1*a*l*k +3*a*m*k +2*m*l*k +2*n*o*k*p +2*o*a*k*p +1*n*a*k +64*o*a*k +32*n*o*k +1*a +3*d
  +1*d*q*r*r +1*d*s//r*s//r +6*d*t +1*d*u*t +2*d*d*u*t +4*d*t*v +3*w*d*t +4*d*d*t +101*x*y +18*x*y*z +1*A +9*x*B*A
  +190*x*x*y*y +30*x*B +29*x*C +30*x*D +30*x*E +20*x*x*C*y +90*x*x*C*C +10*x*x*D*C +90*x*x*D*D +16*x*x*E*D +90*x*x*E*E
  +16*x*x*B*E +81*x*x*B*B +1*x*D*D +2*x*D*C +5*x +1*x*B*B*E +2*x*x*D*D*C +2*x*x*D*C*C +4*x*x*D +2*x*x*B*B*E*E +9*x*F
  +2*z +1*G*z +9*x*y*G*z +9*x*x*B +33024*B -33024 +1*x*B*E*E -1*x*E*D +1*x*C*C +2*h*z +1*h
mobilenet_v2 MobileNetV2ForImageClassification a:#labels=2 b:first_layer_is_expansion=1 c:num_channels=3
  d:expand_ratio=6.0 a~ !depth_divisible_by=8 !depth_multiplier=1.0 +1281*a +417184 -1088*b +288*c +301152*d
mobilenet_v2 MobileNetV2ForSemanticSegmentation a:first_layer_is_expansion=1 b:num_channels=3 c:#labels=2 c~
  !depth_divisible_by=8 !depth_multiplier=1.0 !expand_ratio=6.0 +2520544 -1088*a +288*b +257*c
mobilenet_v2 MobileNetV2Model a:depth_divisible_by=8 b:first_layer_is_expansion=1 c:num_channels=3
  !depth_multiplier=1.0 !expand_ratio=6.0 +1346*a*a -3792*a*a//2 +59472*a +3784*a//2*a//2 -118864*a//2 +2223008
  -400*a*a*b +160*a*a*a//2*b -16*a*a*a//2*a//2*b -160*a*a*a//2 +16*a*a*a//2*a//2 -40*a*b +8*a*a//2*b +36*a*c
  -72*a//2*c +288*c -4*a*a//2*a//8 +8*a//2*a//2*a//8 -130*a//2*a//8 +4*a*a//3*a//4 -8*a//2*a//3*a//4 +130*a//3*a//4
  +159*a//2*a//3 -159*a//2*a//4 -1312*a*a//5 +5248*a//3*a//6 -3*a//2*a//2*a//3*a//8 +3*a//2*a//3*a//3*a//4
  +3*a//2*a//2*a//4*a//8 -3*a//2*a//3*a//4*a//4 +18*a*a*a//5*a//5 -144*a*a//3*a//5*a//6 +288*a//3*a//3*a//6*a//6
  -3*a*a//2*a//3*a//5 +3*a*a//2*a//4*a//5 +12*a//2*a//3*a//3*a//6 -12*a//2*a//3*a//4*a//6 -24*a*a*a//5 +96*a*a//3*a//6
  +48*a*a//2*a//5 -192*a//2*a//3*a//6
musicgen MusicgenForConditionalGeneration a:audio_encoder.audio_channels=1 b:audio_encoder.hidden_size=128
  c:audio_encoder.kernel_size=7 d:audio_encoder.upsampling_ratios.3=2 e:audio_encoder.last_kernel_size=7
  f:audio_encoder.upsampling_ratios.0=8 g:audio_encoder.upsampling_ratios.1=5 h:audio_encoder.upsampling_ratios.2=4
  i:audio_encoder.num_lstm_layers=2 j:audio_encoder.residual_kernel_size=3 k:audio_encoder.use_conv_shortcut=1
  l:decoder.num_codebooks=4 m:decoder.vocab_size=2048 n:decoder.num_hidden_layers=24 o:decoder.ffn_dim=4096
  p:text_encoder.d_model=512 q:text_encoder.d_kv=64 r:text_encoder.num_heads=8 s:text_encoder.num_layers=6
  t:text_encoder.relative_attention_num_buckets=32 u:text_encoder.d_ff=2048 v:text_encoder.vocab_size=32128
  !audio_encoder.chunk_length_s=null !audio_encoder.compress=2 !audio_encoder.model_type="encodec"
  !audio_encoder.norm_type="weight_norm" !audio_encoder.num_filters=32 !audio_encoder.num_residual_layers=1
  !audio_encoder.overlap=null !audio_encoder.pad_mode="reflect"
  !audio_encoder.target_bandwidths=[1.5,3.0,6.0,12.0,24.0] !decoder.cross_attention_hidden_size=null
  !decoder.hidden_size=1024 !decoder.model_type="musicgen_decoder" !text_encoder.feed_forward_proj="relu"
  !text_encoder.model_type="t5" !text_encoder.tie_word_embeddings=true +97440 +2*a +512*b*c +8192*d +32*a*e +524288*f
  +131072*g +32768*h +4202496*i +87040*j +176000*k +2*b +32*a*c +512*b*e +2048*l*m +1024*l +8394752*n +2048*o*n
  +1025*p +4*q*p*r*s +1*r*t +2*p*s +2*u*p*s +1*p*v
pix2struct Pix2StructForConditionalGeneration a:text_config.hidden_size=768 b:text_config.vocab_size=50244
  c:text_config.num_layers=12 d:text_config.d_ff=2048 e:text_config.num_heads=12
  f:text_config.relative_attention_num_buckets=32 g:tie_word_embeddings=0 h:vision_config.hidden_size=768
  i:vision_config.seq_len=4096 j:vision_config.patch_embed_hidden_size=768 k:vision_config.d_kv=64
  l:vision_config.num_attention_heads=12 m:vision_config.num_hidden_layers=12 n:vision_config.d_ff=2048
  !text_config.model_type="pix2struct_text_model" !vision_config.model_type="pix2struct_vision_model" +2*a*b +1*a
  +8*a*a*c +3*a*c +3*d*a*c +1*e*f -1*a*b*g +2*h*i +2*h +1*h*j +4*k*h*l*m +3*n*h*m +2*h*m
rf_detr RfDetrForObjectDetection a:d_model=256 b:#labels=2 c:backbone_config.hidden_size=384
  d:backbone_config.num_channels=3 e:backbone_config.patch_size=14 f:backbone_config.image_size=518
  g:backbone_config.num_attention_heads=6 h:backbone_config.num_hidden_layers=12 i:backbone_config.qkv_bias=1
  j:backbone_config.use_swiglu_ffn=0 k:backbone_config.mlp_ratio=4 l:decoder_cross_attention_heads=16
  m:decoder_layers=3 n:decoder_n_points=4 o:num_feature_levels=1 p:decoder_ffn_dim=2048 q:attention_bias=1
  r:decoder_self_attention_heads=8 s:group_detr=13 t:num_queries=300 b~ !backbone_config.model_type="rf_detr_dinov2"
  !backbone_config.out_features=["stage2","stage5","stage8","stage11"] !backbone_config.out_indices=[2,5,8,11]
  !c2f_num_blocks=3 !hidden_expansion=0.5 +16*a +4 +5*a*a +1*b +1*b*a +6*c +1*c*d*e*e +1*c*f//e*f//e +3*c//g*g*h*i
  +4*c*c//g*g*h +8*c*h -3450*c*h*j +9*c*c*h*j +767*c*k*h*j +1*c*k*h +2*c*c*k*h -2*c*c*k*h*j +512*k*h*j -2304*h*j
  +54*a//2*a//2 +12*a//2 +4*c*a +5*a*a//2 +3*l*m*n*o +3*a*l*m*n*o +9*a*m +2*a*a*m +1*p*m +2*a*p*m +3*q*a//r*m*r
  +4*a*a//r*m*r +1*q*a*m +9*a*s +4*s +3*a*a*s +1*b*s +1*b*a*s +1*a*s*t +4*s*t
rt_detr RTDetrForObjectDetection !anchor_image_size=null !backbone_config.depths=[3,4,6,3]
  !backbone_config.downsample_in_bottleneck=false !backbone_config.downsample_in_first_stage=false
  !backbone_config.embedding_size=64 !backbone_config.hidden_sizes=[256,512,1024,2048]
  !backbone_config.layer_type="bottleneck" !backbone_config.model_type="rt_detr_resnet"
  !backbone_config.num_channels=3 !backbone_config.out_features=["stage2","stage3","stage4"]
  !backbone_config.out_indices=[2,3,4] !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !d_model=256 !decoder_attention_heads=8 !decoder_ffn_dim=1024 !decoder_in_channels=[256,256,256] !decoder_layers=6
  !decoder_n_points=4 !disable_custom_kernels=true !encode_proj_layers=[2] !encoder_attention_heads=8
  !encoder_ffn_dim=1024 !encoder_hidden_dim=256 !encoder_in_channels=[512,1024,2048] !encoder_layers=1 !eval_size=null
  !feat_strides=[8,16,32] !freeze_backbone_batch_norms=true !hidden_expansion=1.0 !learn_initial_query=false
  !normalize_before=false !num_denoising=100 !num_feature_levels=3 !num_queries=300 !with_box_refine=true +42731082
sam SamModel a:mask_decoder_config.iou_head_depth=3 b:mask_decoder_config.iou_head_hidden_dim=256
  c:mask_decoder_config.hidden_size=256 d:mask_decoder_config.num_multimask_outputs=3
  e:mask_decoder_config.num_hidden_layers=2 f:mask_decoder_config.mlp_dim=2048
  g:prompt_encoder_config.mask_input_channels=16 h:prompt_encoder_config.hidden_size=256
  i:prompt_encoder_config.num_point_embeddings=4 j:tie_word_embeddings=1 k:vision_config.num_pos_feats=128
  l:vision_config.hidden_size=768 m:vision_config.qkv_bias=1 n:vision_config.num_attention_heads=12
  o:vision_config.window_size=14 p:vision_config.image_size=1024 q:vision_config.patch_size=16
  r:vision_config.mlp_dim=3072 s:vision_config.num_channels=3 t:vision_config.use_abs_pos=1
  u:vision_config.mlp_ratio=4.0 r~+1*l*u !mask_decoder_config.model_type="sam_mask_decoder"
  !prompt_encoder_config.model_type="sam_prompt_encoder" !vision_config.global_attn_indexes=[2,5,8,11]
  !vision_config.model_type="sam_vision_model" !vision_config.num_hidden_layers=12 !vision_config.use_rel_pos=true
  +1*a//2*b +1*a//3*a//8*b +1*a//2*b*b +1*a//3*a//8*b*b +2*b +1*c*b +1*d +590849 +1*b*d +7*c +3*c*d +2*c*c*d +2*c*c
  +1*c//8*d +2*c//8 +1*c*c//8*d +1*c*c//8 +3*c//2 +4*c*c//2 +6*c//2*e +8*c*c//2*e +15*c*e +1*f*e +2*c*f*e +4*c*c*e
  +3*c//4 +4*c*c//4 +4*c//4*c//8 +7*g//4 +3*g +4*g*g//4 +3*h +1*h*g +1*h*i -2*j*k +4*k +329*l +48*l*l +36*l*m
  +32*l//n*o -24*l//n +16*l//n*p//q +12*r +24*l*r +1*l*s*q*q +1*l*p//q*p//q*t
sam2 Sam2Model a:mask_decoder_config.hidden_size=256 b:mask_decoder_config.iou_head_depth=3
  c:mask_decoder_config.iou_head_hidden_dim=256 d:mask_decoder_config.num_multimask_outputs=3
  e:mask_decoder_config.attention_downsample_rate=2 f:mask_decoder_config.num_hidden_layers=2
  g:mask_decoder_config.mlp_dim=2048 h:vision_config.fpn_hidden_size=256
  i:prompt_encoder_config.mask_input_channels=16 j:prompt_encoder_config.hidden_size=256
  k:prompt_encoder_config.num_point_embeddings=4 l:vision_config.backbone_channel_list.0=768
  m:vision_config.fpn_kernel_size=1 n:vision_config.backbone_channel_list.1=384
  o:vision_config.backbone_channel_list.2=192 p:vision_config.backbone_channel_list.3=96
  !mask_decoder_config.dynamic_multimask_stability_delta=0.05
  !mask_decoder_config.dynamic_multimask_stability_thresh=0.98 !mask_decoder_config.model_type="sam2_mask_decoder"
  !prompt_encoder_config.model_type="sam2_prompt_encoder"
  !vision_config.backbone_config.model_type="sam2_hiera_det_model"
  !vision_config.backbone_feature_sizes=[[256,256],[128,128],[64,64]] !vision_config.fpn_padding=0
  !vision_config.model_type="sam2_vision_model" +3*a//8 +2*a*a//8 +4*a//4 +5*a*a//4 +1*b//2*c +1*b//3*b//8*c
  +1*b//2*c*c +1*b//3*b//8*c*c +2*c +1*a*c +1*d +26849474 +1*c*d +11*a +3*a*d +2*a*a*d +4*a*a +1*a//8*d +1*a*a//8*d
  +3*a//e +4*a*a//e +6*a//e*f +8*a*a//e*f +15*a*f +3*g*f//3 +18*g*f//4 +3*g*g*f//3 +18*g*g*f//4 +1*g*f +2*a*g*f
  +4*a*a*f +4*a//4*a//8 +5*h +7*i//4 +3*i +4*i*i//4 +3*j +1*j*i +1*j*k +1*l*h*m*m +1*n*h*m*m +1*o*h*m*m +1*p*h*m*m
vits VitsModel a:flow_size=192 b:resblock_kernel_sizes.0=3 c:resblock_kernel_sizes.1=7 d:resblock_kernel_sizes.2=11
  e:upsample_kernel_sizes.0=16 f:upsample_kernel_sizes.1=16 g:upsample_kernel_sizes.2=4 h:upsample_kernel_sizes.3=4
  i:use_stochastic_duration_prediction=1 j:duration_predictor_kernel_size=3 k:hidden_size=192
  l:depth_separable_num_layers=3 m:depth_separable_channels=2 n:duration_predictor_num_flows=4
  o:duration_predictor_flow_bins=10 p:prior_encoder_num_flows=4 q:prior_encoder_num_wavenet_layers=4
  r:wavenet_kernel_size=5 s:spectrogram_bins=513 t:vocab_size=38 u:num_attention_heads=2 v:num_hidden_layers=6
  w:window_size=4 x:use_bias=1 y:ffn_dim=768 z:ffn_kernel_size=3 !leaky_relu_slope=0.1
  !posterior_encoder_num_wavenet_layers=16 !prior_encoder_num_wavenet_layers=4
  !resblock_dilation_sizes=[[1,3,5],[1,3,5],[1,3,5]] !speaker_embedding_size=0 !speaking_rate=1.0
  !upsample_initial_channel=512 +11649 +3588*a +522240*b +522240*c +522240*d +131072*e +32768*f +8192*g +2048*h
  -1793*i -256*j*k*i +256*j*k -65536*j*i +65536*j +12*l*k*i +2*l*j*k*i +2*l*k*k*i +5*k*i +3*k*k*i +4*m*i +12*l*n*k*i
  +2*l*j*n*k*i +2*l*n*k*k*i +2*n*k*i -2*m//2*n*i +6*m//2*o*n*i +6*m//2*o*n*k*i +1*a//2*p +2*a//2*k*p +5*k*p +4*k*p*q
  +2*k*k*p*q*r -1152*p*q//6 +2*k*p*q//2 +1482496*q//6 +8656*k*q//6 -1082*k*p*q//3 -5376*q*q//6 +256*q*q*q//6
  +672*p*q*q//3 -32*p*q*q*q//3 -2176*p*q//3 +24832*q//2*q//5 +99328*q//5 -24832*q//2*q//6 +2*k*k*p -576*k*p*q//6
  +1*k*k*p*q//2 -24*k*k*q//6 +3*k*k*p*q//3 -2688*k*q*q//6 +128*k*q*q*q//6 +336*k*p*q*q//3 -16*k*p*q*q*q//3 +127*k
  +1*k*s +4*a*k +32*k*k*r +31*k*k +1*k*t +4*k//u*v*w +2*k//u*v +4*k*v*x +4*k*k*v +1*y*v +2*y*z*k*v +5*k*v
"""
