"""Parameters of types as polynomials of their fields, one class a paragraph.

Written by `benchmarks/hf_law_table.py` from what `benchmarks/hf_shapes.py` learned of transformers 5.24.0 and diffusers
0.42.1. `a:path=value` names a field and its default, `a~terms` what it is worked out by, `!path=value` what the law is
held to, `#path=n` how many items a list has, `+4*a*b` a term.
"""

TABLE = """
aimv2 Aimv2Model a:text_config.hidden_size=768 b:text_config.max_position_embeddings=77 c:text_config.vocab_size=49408
  d:text_config.num_hidden_layers=12 e:text_config.qkv_bias=0 f:text_config.mlp_bias=0
  g:text_config.intermediate_size=2048 h:projection_dim=512 i:vision_config.hidden_size=1024
  j:vision_config.num_channels=3 k:vision_config.patch_size=14 l:vision_config.image_size=224
  m:vision_config.is_native=0 n:vision_config.num_hidden_layers=24 o:vision_config.qkv_bias=0
  p:vision_config.mlp_bias=0 q:vision_config.intermediate_size=2816 r:vision_config.use_head=1
  !text_config.model_type="aimv2_text_model" !vision_config.model_type="aimv2_vision_model" +1 +1*a*b +1*a*c +4*a*d*e
  +4*a*a*d +1*a*f*d +3*a*g*d +2*g*f*d +2*a*d +1*a +1*h*a +3*i +1*i*j*k*k -1*i*l//k*l//k*m +1*i*l//k*l//k +4*i*n*o
  +4*i*i*n +1*i*p*n +3*i*q*n +2*q*p*n +2*i*n +2*i*r +2*i*o*r +3*i*i*r +1*h*i
align AlignModel a:text_config.hidden_size=768 b:text_config.max_position_embeddings=512
  c:text_config.type_vocab_size=2 d:text_config.vocab_size=30522 e:text_config.num_hidden_layers=12
  f:text_config.intermediate_size=3072 g:projection_dim=640 h:vision_config.num_channels=3
  i:vision_config.kernel_sizes.0=3 j:vision_config.kernel_sizes.1=3 k:vision_config.kernel_sizes.2=5
  l:vision_config.kernel_sizes.3=3 m:vision_config.kernel_sizes.4=5 n:vision_config.kernel_sizes.5=5
  o:vision_config.kernel_sizes.6=3 !text_config.model_type="align_text_model" !vision_config.depth_divisor=8
  !vision_config.depthwise_padding=[] !vision_config.expand_ratios=[1,6,6,6,6,6,6]
  !vision_config.in_channels=[32,16,24,40,80,112,192] !vision_config.model_type="align_vision_model"
  !vision_config.num_block_repeats=[1,2,2,3,3,4,1] !vision_config.out_channels=[16,24,40,80,112,192,320]
  !vision_config.pooling_type="mean" !vision_config.squeeze_expansion_ratio=0.25 +60786097 +3*a +1*a*b +1*a*c +1*a*d
  +9*a*e +4*a*a*e +1*f*e +2*a*f*e +1*a*a +1*g +1*g*a +576*h +160*i*i +1920*j*j +3168*k*k +9120*l*l +13056*m*m
  +28992*n*n +13824*o*o
altclip AltCLIPModel a:text_config.hidden_size=1024 b:text_config.max_position_embeddings=514
  c:text_config.type_vocab_size=1 d:text_config.vocab_size=250002 e:text_config.num_hidden_layers=24
  f:text_config.intermediate_size=4096 g:text_config.project_dim=768 h:projection_dim=768
  i:vision_config.hidden_size=768 j:vision_config.num_channels=3 k:vision_config.patch_size=32
  l:vision_config.image_size=224 m:vision_config.num_hidden_layers=12 n:vision_config.intermediate_size=3072
  !text_config.model_type="altclip_text_model" !vision_config.model_type="altclip_vision_model" +1 +4*a +1*a*b +1*a*c
  +1*a*d +9*a*e +4*a*a*e +1*f*e +2*a*f*e +1*g +1*a*g +1*h*g +6*i +1*i*j*k*k +1*i*l//k*l//k +9*i*m +1*n*m +2*i*n*m
  +4*i*i*m +1*h*i
aria AriaForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=32000
  c:tie_word_embeddings=0 d:text_config.num_hidden_layers=32 e:text_config.intermediate_size=4096
  f:text_config.moe_num_experts=8 g:text_config.mlp_bias=0 h:text_config.moe_num_shared_experts=2
  i:text_config.attention_bias=0 j:text_config.head_dim=128 k:text_config.num_key_value_heads=32
  l:vision_config.hidden_size=1152 m:max_value_projector_patch_to_query_dict=256 n:vision_config.num_channels=3
  o:vision_config.patch_size=32 p:vision_config.image_size=224 q:vision_config.num_hidden_layers=12
  r:vision_config.intermediate_size=3072 j~ !projector_patch_to_query_dict={"1225":128,"4900":256}
  !text_config.model_type="aria_text" !vision_config.model_type="idefics3_vision" !vision_feature_layer=-1 -1*a*b*c
  +2*a*b +2*a*d +3*a*e*f*d +1*a*f*d +1*a*g*d +3*a*e*h*d +2*e*g*h*d +2*i*j*d*k +2*j*a*d*k +1*i*a*d +64*j*a*d +32*i*j*d
  +1*a +8*l*l +14*l +1*a*l +1*a*a +1*m*l +1*l*n*o*o +1*l*p//o*p//o +9*l*q +1*r*q +2*l*r*q +4*l*l*q
aria AriaModel a:text_config.hidden_size=4096 b:text_config.vocab_size=32000 c:text_config.num_hidden_layers=32
  d:text_config.intermediate_size=4096 e:text_config.moe_num_experts=8 f:text_config.mlp_bias=0
  g:text_config.moe_num_shared_experts=2 h:text_config.attention_bias=0 i:text_config.head_dim=128
  j:text_config.num_key_value_heads=32 k:vision_config.hidden_size=1152 l:max_value_projector_patch_to_query_dict=256
  m:vision_config.num_channels=3 n:vision_config.patch_size=32 o:vision_config.image_size=224
  p:vision_config.num_hidden_layers=12 q:vision_config.intermediate_size=3072 i~
  !projector_patch_to_query_dict={"1225":128,"4900":256} !text_config.model_type="aria_text"
  !vision_config.model_type="idefics3_vision" !vision_feature_layer=-1 +1*a*b +2*a*c +3*a*d*e*c +1*a*e*c +1*a*f*c
  +3*a*d*g*c +2*d*f*g*c +2*h*i*c*j +2*i*a*c*j +1*h*a*c +64*i*a*c +32*h*i*c +1*a +8*k*k +14*k +1*a*k +1*a*a +1*l*k
  +1*k*m*n*n +1*k*o//n*o//n +9*k*p +1*q*p +2*k*q*p +4*k*k*p
AutoencoderKLLTXVideo AutoencoderKLLTXVideo a:latent_channels=128 b:out_channels=3 c:patch_size=4
  d:decoder_layers_per_block.4=4 e:timestep_conditioning=0 f:decoder_layers_per_block.3=3
  g:decoder_layers_per_block.2=3 h:decoder_layers_per_block.1=3 i:decoder_layers_per_block.0=4
  j:block_out_channels.0=128 k:in_channels=3 l:block_out_channels.3=512 m:block_out_channels.1=256
  n:block_out_channels.2=512 o:layers_per_block.0=4 p:layers_per_block.1=3 q:layers_per_block.2=3
  r:layers_per_block.3=3 s:layers_per_block.4=4 !decoder_block_out_channels=[128,256,512,512]
  !down_block_types=["LTXVideoDownBlock3D","LTXVideoDownBlock3D","LTXVideoDownBlock3D","LTXVideoDownBlock3D"]
  !downsample_type=["conv","conv","conv","conv"] !spatial_compression_ratio=null !temporal_compression_ratio=null
  +81127553 +13825*a +3457*b*c*c +14156800*d +20355841*e +14156800*f +14156800*g +3539456*h +884992*i +2048*g*e
  +512*i*e +4*j +27*j*k*c*c +27*l*a +30*l +6*m +6*n -3*n//l*l*l//n +28*j*m +28*m*n -28*n*n//l*l*l//n +28*n*l +54*m*m
  +54*n*n -27*n//l*l*l*l//n +27*l*l -2*n*n//l*l//n +27*j*j +2*j*o +2*m*p +2*n*q +2*l*r +54*j*j*o +54*m*m*p +54*n*n*q
  +54*l*l*r +2*l*s +54*l*l*s
AutoencoderKLQwenImage AutoencoderKLQwenImage a:base_dim=96 b:z_dim=16 c:input_channels=3 d:temperal_downsample.0=0
  #temperal_downsample=3 !dim_mult=[1,2,4,4]
  !latents_mean=[-0.7571,-0.7089,-0.9113,0.1075,-0.1745,0.9653,-0.1517,1.5508,0.4134,-0.0715,0.5517,-0.3632,-0.1922,-0.9497,0.2503,-0.2921]
  !num_res_blocks=2 +373*a +324*a*b +1*c +54*a*c +13709*a*a +5*a*d +27*a*a*d +5*b +5*b*b
AutoencoderKLWan AutoencoderKLWan a:base_dim=96 b:z_dim=16 c:out_channels=3 d:num_res_blocks=2
  e:temperal_downsample.0=0 f:in_channels=3 #temperal_downsample=3 !decoder_base_dim=null !dim_mult=[1,2,4,4]
  !is_residual=false
  !latents_mean=[-0.7571,-0.7089,-0.9113,0.1075,-0.1745,0.9653,-0.1517,1.5508,0.4134,-0.0715,0.5517,-0.3632,-0.1922,-0.9497,0.2503,-0.2921]
  !patch_size=null -72234*a +324*a*b +1*c +27*a*c +12715*a*a +63942*a*d +53315616*d//3 +65608992*d//4 -232*a*a*d
  +5*a*e +27*a*a*e +27*a*f +5*b +9246848*d +747328*d*d +603072 -221056*d*d*d -20019840*d//2 +53151*a*d//2
  -684576*d*d//2 -53159*a*d//3 -7278176*d*d//3 +7962752*d*d//4 -26566*a*d*d//2 -13824*a*d*d +24192*d*d*d*d
  +216000*d*d*d//3 -387072*d*d*d//4 +1026*a*a*d//2 -1026*a*a*d//3 +26568*a*d*d//3 -1383*a*a*d//4 +972*a*a*d*d//4
  +171072*d*d*d//2 -108*a*a*d*d*d//4 +108*a*a*d*d +47*a*d//4 +2*a*d*d//4 +5*b*b
AutoencoderTiny AutoencoderTiny a:block_out_channels.0=64 b:out_channels=3 c:latent_channels=4
  d:block_out_channels.1=64 e:block_out_channels.2=64 f:block_out_channels.3=64 g:encoder_block_out_channels.0=64
  h:in_channels=3 i:encoder_block_out_channels.3=64 j:encoder_block_out_channels.1=64
  k:encoder_block_out_channels.2=64 l:decoder_block_out_channels.0=64 m:decoder_block_out_channels.1=64
  n:decoder_block_out_channels.2=64 o:decoder_block_out_channels.3=64 a~+1*l d~+1*m e~+1*n f~+1*o !act_fn="relu"
  !block_out_channels=[64,64,64,64] !force_upcast=false !num_decoder_blocks=[3,3,3,1] !num_encoder_blocks=[1,3,3,3]
  !upsample_fn="nearest" +10*a +1*b +9*a*c +90*d*d +90*e*e +9*f*b +90*a*a +9*e +3*f +9*d +27*f*f +4*g +1*c +9*g*h
  +90*i*i +9*i*c +90*j*j +90*k*k +9*i +9*j +9*k +27*g*g
bark BarkModel a:coarse_acoustics_config.hidden_size=768 b:coarse_acoustics_config.input_vocab_size=10048
  c:coarse_acoustics_config.bias=1 d:coarse_acoustics_config.num_layers=12 e:coarse_acoustics_config.block_size=1024
  f:codec_config.audio_channels=1 g:codec_config.hidden_size=128 h:codec_config.kernel_size=7
  i:codec_config.upsampling_ratios.3=2 j:codec_config.last_kernel_size=7 k:codec_config.upsampling_ratios.0=8
  l:codec_config.upsampling_ratios.1=5 m:codec_config.upsampling_ratios.2=4 n:codec_config.num_lstm_layers=2
  o:codec_config.compress=2 p:codec_config.residual_kernel_size=3 q:codec_config.use_conv_shortcut=1
  r:fine_acoustics_config.hidden_size=768 s:fine_acoustics_config.input_vocab_size=10048
  t:fine_acoustics_config.n_codes_total=8 u:fine_acoustics_config.bias=1 v:fine_acoustics_config.num_layers=12
  w:fine_acoustics_config.tie_word_embeddings=1 x:fine_acoustics_config.block_size=1024
  y:semantic_config.hidden_size=768 z:semantic_config.input_vocab_size=10048 A:semantic_config.bias=1
  B:semantic_config.num_layers=12 C:semantic_config.block_size=1024
  !coarse_acoustics_config.model_type="coarse_acoustics" !codec_config.chunk_length_s=null
  !codec_config.model_type="encodec" !codec_config.norm_type="weight_norm" !codec_config.num_filters=32
  !codec_config.num_residual_layers=1 !codec_config.overlap=null !codec_config.pad_mode="reflect"
  !codec_config.target_bandwidths=[1.5,3.0,6.0,12.0,24.0] !fine_acoustics_config.model_type="fine_acoustics"
  !semantic_config.model_type="semantic" +1*a*b +1*c*a +10049*a +11*c*a*d +12*a*a*d +2*a*d +1*e*a +106624 +2*f
  +512*g*h +8192*i +32*f*j +524288*k +131072*l +32768*m +4202496*n -23640*o//3 -6128*o +12584*o//4 -23424*o//3*p
  +99072*p -6016*o*p +12352*o//4*p +176000*q +2*g +32*f*h +512*g*j +1*r*s*t -10046*r +9*u*r*v +12*r*r*v +4*r*v
  +10048*r*t +10048*r*w -10048*r*t*w +1*x*r +1*y*z +1*A*y +10049*y +11*A*y*B +12*y*y*B +2*y*B +1*C*y
bert-generation BertGenerationDecoder a:hidden_size=1024 b:max_position_embeddings=512 c:vocab_size=50358
  d:num_hidden_layers=24 e:intermediate_size=4096 f:tie_word_embeddings=1 !add_cross_attention=false +2*a +1*a*b
  +2*a*c +9*a*d +4*a*a*d +1*e*d +2*a*e*d +2*c -1*f*c -1*a*f*c
biogpt BioGptForCausalLM a:hidden_size=1024 b:max_position_embeddings=1024 c:vocab_size=42384 d:intermediate_size=4096
  e:num_hidden_layers=24 f:tie_word_embeddings=1 +1*a*b +4*a +2*a*c +1*d*e +2*a*d*e +9*a*e +4*a*a*e -1*a*f*c
biogpt BioGptModel a:hidden_size=1024 b:max_position_embeddings=1024 c:vocab_size=42384 d:intermediate_size=4096
  e:num_hidden_layers=24 +1*a*b +4*a +1*a*c +1*d*e +2*a*d*e +9*a*e +4*a*a*e
bit BitForImageClassification a:embedding_size=64 b:num_channels=3 c:depths.0=3 d:depths.1=4 e:depths.2=6 f:depths.3=3
  g:#labels=2 g~ !global_padding=null !hidden_sizes=[256,512,1024,2048] !layer_type="preactivation"
  !out_features=["stage4"] !out_indices=[4] +49*a*b +322*a +2048000 +70400*c +280064*d +1117184*e +4462592*f +2049*g
bit BitBackbone a:embedding_size=64 b:num_channels=3 c:depths.0=3 d:depths.1=4 e:depths.2=6 f:depths.3=3
  !global_padding=null !hidden_sizes=[256,512,1024,2048] !layer_type="preactivation" !out_features=["stage4"]
  !out_indices=[4] +49*a*b +322*a +2048000 +70400*c +280064*d +1117184*e +4462592*f
bit BitModel a:embedding_size=64 b:num_channels=3 c:depths.0=3 d:depths.1=4 e:depths.2=6 f:depths.3=3
  !global_padding=null !hidden_sizes=[256,512,1024,2048] !layer_type="preactivation" !out_features=["stage4"]
  !out_indices=[4] +49*a*b +322*a +2048000 +70400*c +280064*d +1117184*e +4462592*f
blip BlipForConditionalGeneration a:text_config.hidden_size=768 b:text_config.max_position_embeddings=512
  c:text_config.vocab_size=30524 d:text_config.num_hidden_layers=12 e:text_config.encoder_hidden_size=768
  f:text_config.intermediate_size=3072 g:vision_config.patch_size=16 h:vision_config.image_size=384
  i:vision_config.num_hidden_layers=12 j:vision_config.intermediate_size=3072 k:vision_config.hidden_size=768 e~+1*k
  !text_config.encoder_hidden_size=768 !text_config.model_type="blip_text_model"
  !vision_config.model_type="blip_vision_model" +5*a +1*a*b +1*a*c +15*a*d +6*a*a*d +2*e*a*d +1*f*d +2*a*f*d +1*c
  +1*a*a +5*e +3*e*g*g +1*e*h//g*h//g +9*e*i +1*j*i +2*e*j*i +4*e*e*i
blip BlipModel a:text_config.hidden_size=768 b:text_config.max_position_embeddings=512 c:text_config.vocab_size=30524
  d:text_config.num_hidden_layers=12 e:text_config.encoder_hidden_size=768 f:text_config.intermediate_size=3072
  g:projection_dim=512 h:vision_config.patch_size=16 i:vision_config.image_size=384
  j:vision_config.num_hidden_layers=12 k:vision_config.intermediate_size=3072 l:vision_config.hidden_size=768 e~+1*l
  !text_config.encoder_hidden_size=768 !text_config.model_type="blip_text_model"
  !vision_config.model_type="blip_vision_model" +1 +3*a +1*a*b +1*a*c +15*a*d +6*a*a*d +2*e*a*d +1*f*d +2*a*f*d +1*a*a
  +1*g*a +5*e +3*e*h*h +1*e*i//h*i//h +9*e*j +1*k*j +2*e*k*j +4*e*e*j +1*g*e
blt BltForCausalLM !cross_attn_k=2 !decoder_config.cross_attn_all_layers=true !decoder_config.cross_attn_k=2
  !decoder_config.head_dim=64 !decoder_config.hidden_size=1024 !decoder_config.hidden_size_global=2048
  !decoder_config.intermediate_size=2816 !decoder_config.max_position_embeddings=24576
  !decoder_config.model_type="blt_local_decoder" !decoder_config.num_attention_heads=16
  !decoder_config.num_hidden_layers=9 !decoder_config.num_key_value_heads=16 !decoder_config.tie_word_embeddings=false
  !decoder_config.vocab_size=260 !encoder_config.cross_attn_all_layers=false !encoder_config.cross_attn_k=2
  !encoder_config.hidden_size=1024 !encoder_config.hidden_size_global=2048 !encoder_config.intermediate_size=2730
  !encoder_config.max_position_embeddings=24576 !encoder_config.model_type="blt_local_encoder"
  !encoder_config.num_attention_heads=16 !encoder_config.num_hidden_layers=1 !encoder_config.num_key_value_heads=16
  !encoder_config.sliding_window=512 !encoder_config.tie_word_embeddings=false !encoder_config.vocab_size=260
  !encoder_hash_byte_group_nb_functions=1 !encoder_hash_byte_group_size=[3,4,5,6,7,8]
  !encoder_hash_byte_group_vocab=500002 !global_config.head_dim=128 !global_config.hidden_size=2048
  !global_config.intermediate_size=5632 !global_config.max_position_embeddings=4096
  !global_config.model_type="blt_global_transformer" !global_config.num_attention_heads=16
  !global_config.num_hidden_layers=25 !global_config.num_key_value_heads=16 !global_config.tie_word_embeddings=false
  !local_attention_window_len=512 !max_patch_length=null !max_position_embeddings=4096 !patch_in_forward=true
  !patch_size=4 !patcher_config.head_dim=64 !patcher_config.hidden_size=768 !patcher_config.intermediate_size=2048
  !patcher_config.max_position_embeddings=8192 !patcher_config.model_type="blt_patcher"
  !patcher_config.num_attention_heads=12 !patcher_config.num_hidden_layers=14 !patcher_config.num_key_value_heads=12
  !patcher_config.sliding_window=512 !patcher_config.tie_word_embeddings=false !patcher_config.vocab_size=260
  !patching_batch_size=1 !patching_mode="entropy" !tie_word_embeddings=false !vocab_size=260 +4633127680
bridgetower BridgeTowerModel a:hidden_size=768 b:num_hidden_layers=6 c:text_config.hidden_size=768
  d:text_config.intermediate_size=3072 e:share_link_tower_layers=0 f:share_cross_modal_transformer_layers=1
  g:vision_config.hidden_size=768 h:text_config.max_position_embeddings=514 i:text_config.type_vocab_size=1
  j:text_config.vocab_size=50265 k:text_config.num_hidden_layers=12 l:vision_config.num_channels=3
  m:vision_config.patch_size=16 n:vision_config.image_size=288 o:vision_config.num_hidden_layers=12
  p:vision_config.share_layernorm=1 q:vision_config.remove_last_layer=0 !link_tower_type="add"
  !text_config.add_cross_attention=false !text_config.model_type="bridgetower_text_model"
  !vision_config.model_type="bridgetower_vision_model" +4*a +30*b*c +16*b*c*c +2*b*d +4*b*c*d +4*a*b -20*a*e +3072*e
  +2*a*a -7087104*f +7087104 +2*a*f +1*a*f*g +1*a*f*c +3*c +1*c*h +1*c*i +1*c*j +9*c*k +4*c*c*k +1*d*k +2*c*d*k +1*c*c
  +6*g +1*g*l*m*m +1*g*n//m*n//m +15*g*o -2*g*o*p -13*g*q +12*g*g*o -12*g*g*q
canine CanineForMultipleChoice a:num_hash_buckets=16384 b:type_vocab_size=16 c:num_hidden_layers=12
  d:intermediate_size=3072 e:upsampling_kernel_size=4 !hidden_size=768 !num_hash_functions=8 +1536*a +7689217 +768*b
  +2366208*c +1537*d*c +3074*d +1179648*e
canine CanineModel a:num_hash_buckets=16384 b:type_vocab_size=16 c:num_hidden_layers=12 d:intermediate_size=3072
  e:upsampling_kernel_size=4 !hidden_size=768 !num_hash_functions=8 +1536*a +7688448 +768*b +2366208*c +1537*d*c
  +3074*d +1179648*e
chinese_clip ChineseCLIPModel a:text_config.hidden_size=768 b:text_config.max_position_embeddings=512
  c:text_config.type_vocab_size=2 d:text_config.vocab_size=30522 e:text_config.num_hidden_layers=12
  f:text_config.intermediate_size=3072 g:projection_dim=512 h:vision_config.hidden_size=768
  i:vision_config.num_channels=3 j:vision_config.patch_size=32 k:vision_config.image_size=224
  l:vision_config.num_hidden_layers=12 m:vision_config.intermediate_size=3072
  !text_config.model_type="chinese_clip_text_model" !vision_config.model_type="chinese_clip_vision_model" +1 +2*a
  +1*a*b +1*a*c +1*a*d +9*a*e +4*a*a*e +1*f*e +2*a*f*e +1*g*a +6*h +1*h*i*j*j +1*h*k//j*k//j +9*h*l +1*m*l +2*h*m*l
  +4*h*h*l +1*g*h
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
clipseg CLIPSegModel a:text_config.hidden_size=512 b:text_config.max_position_embeddings=77
  c:text_config.vocab_size=49408 d:text_config.num_hidden_layers=12 e:text_config.intermediate_size=2048
  f:projection_dim=512 g:vision_config.hidden_size=768 h:vision_config.num_channels=3 i:vision_config.patch_size=32
  j:vision_config.image_size=224 k:vision_config.num_hidden_layers=12 l:vision_config.intermediate_size=3072
  !conditional_layer=0 !text_config.model_type="clipseg_text_model" !vision_config.model_type="clipseg_vision_model"
  +1 +1*a*b +1*a*c +9*a*d +1*e*d +2*a*e*d +4*a*a*d +2*a +1*f*a +6*g +1*g*h*i*i +1*g*j//i*j//i +9*g*k +1*l*k +2*g*l*k
  +4*g*g*k +1*f*g
clvp ClvpModelForConditionalGeneration a:decoder_config.hidden_size=1024 b:decoder_config.num_mel_attn_blocks=6
  c:decoder_config.use_attention_bias=1 d:decoder_config.feature_size=80 e:text_config.vocab_size=256
  f:decoder_config.vocab_size=8194 g:decoder_config.num_hidden_layers=30 h:decoder_config.max_position_embeddings=608
  i:speech_config.hidden_size=768 j:speech_config.num_hidden_layers=20 k:speech_config.intermediate_size=1536
  l:speech_config.use_attention_bias=0 m:speech_config.projection_dim=768 n:speech_config.vocab_size=256
  o:text_config.hidden_size=768 p:text_config.num_hidden_layers=20 q:text_config.intermediate_size=1536
  r:text_config.use_attention_bias=0 s:text_config.projection_dim=768 !decoder_config.model_type="clvp_decoder"
  !decoder_config.n_inner=null !decoder_config.summary_type="cls_index" !speech_config.model_type="clvp_encoder"
  !speech_config.summary_type="mean" !text_config.model_type="clvp_encoder" !text_config.summary_type="mean" +3*a*b
  +3*a*b*c +4*a*a*b +409*a +1*d*a +1*a*e +1 +1*f +2*a*f +3*a*g*c +12*a*a*g +10*a*g +1*a*h +2*i +4*i*j +2*k*j +3*i*k*j
  +3*i*j*l +4*i*i*j +1*i*m +1*i*n +2*o +4*o*p +2*q*p +3*o*q*p +3*o*p*r +4*o*o*p +1*o*s +1*o*e
cohere2_vision Cohere2VisionForConditionalGeneration a:text_config.hidden_size=8192 b:text_config.vocab_size=256000
  c:tie_word_embeddings=1 d:text_config.num_hidden_layers=40 e:text_config.intermediate_size=22528
  f:text_config.attention_bias=0 g:text_config.head_dim=128 h:text_config.num_key_value_heads=64
  i:text_config.num_attention_heads=64 j:alignment_intermediate_size=36864 k:vision_config.hidden_size=1152
  l:vision_config.image_size=512 m:vision_config.num_hidden_layers=27 n:vision_config.intermediate_size=3072
  g~-64*a//3;+128*a//6;+128 k~+4/3*l;+1408/3 l~ m~ !text_config.model_type="cohere2" !vision_config.image_size=512
  !vision_config.model_type="siglip_vision_model" !vision_config.num_attention_heads=12 !vision_config.num_channels=3
  !vision_config.patch_size=16 !vision_config.vision_use_head=true -1*a*b*c +2*a*b +1*a*d +3*a*e*d +2*f*g*d*h
  +2*g*a*d*h +1*f*a*d +2*g*a*i*d +1*f*g*i*d +2*a +1*j +4*j*k +1*j//2*a +331*k +23/8*k*l +9*k*m +1*n*m +2*k*n*m
  +4*k*k*m +4*k*k +1*n +2*k*n
cohere2_vision Cohere2VisionModel a:text_config.hidden_size=8192 b:text_config.vocab_size=256000
  c:text_config.num_hidden_layers=40 d:text_config.intermediate_size=22528 e:text_config.attention_bias=0
  f:text_config.head_dim=128 g:text_config.num_key_value_heads=64 h:text_config.num_attention_heads=64
  i:alignment_intermediate_size=36864 j:vision_config.hidden_size=1152 k:vision_config.image_size=512
  l:vision_config.num_hidden_layers=27 m:vision_config.intermediate_size=3072 f~-64*a//3;+128*a//6;+128
  j~+4/3*k;+1408/3 k~ l~ !text_config.model_type="cohere2" !vision_config.image_size=512
  !vision_config.model_type="siglip_vision_model" !vision_config.num_attention_heads=12 !vision_config.num_channels=3
  !vision_config.patch_size=16 !vision_config.vision_use_head=true +1*a*b +1*a*c +3*a*d*c +2*e*f*c*g +2*f*a*c*g
  +1*e*a*c +2*f*a*h*c +1*e*f*h*c +2*a +1*i +4*i*j +1*i//2*a +331*j +23/8*j*k +9*j*l +1*m*l +2*j*m*l +4*j*j*l +4*j*j
  +1*m +2*j*m
colmodernvbert ColModernVBertForRetrieval a:embedding_dim=128 b:vlm_config.text_config.hidden_size=768
  c:vlm_config.vision_config.hidden_size=768 d:vlm_config.text_config.norm_bias=0
  e:vlm_config.text_config.vocab_size=50368 f:vlm_config.text_config.attention_bias=0
  g:vlm_config.text_config.num_hidden_layers=22 h:vlm_config.text_config.intermediate_size=1152
  i:vlm_config.text_config.mlp_bias=0 j:vlm_config.vision_config.num_channels=3
  k:vlm_config.vision_config.patch_size=16 l:vlm_config.vision_config.image_size=224
  m:vlm_config.vision_config.num_hidden_layers=12 n:vlm_config.vision_config.intermediate_size=3072
  o:vlm_config.vision_config.vision_use_head=1 !vlm_config.classifier_pooling="cls"
  !vlm_config.model_type="modernvbert" !vlm_config.text_config.classifier_pooling="cls"
  !vlm_config.text_config.model_type="modernbert" !vlm_config.text_config.sparse_pred_ignore_index=-100
  !vlm_config.vision_config.model_type="siglip_vision_model" +1*a +1*a*b +16*b*c +1*b*d +1*b +1*b*e +4*f*b*g +4*b*b*g
  +2*h*i*g +3*b*h*g +1*b*i*g +2*b*d*g +2*b*g +3*c +1*c*j*k*k +1*c*l//k*l//k +9*c*m +1*n*m +2*c*n*m +4*c*c*m +8*c*o
  +4*c*c*o +1*n*o +2*c*n*o
colpali ColPaliForRetrieval !embedding_dim=128 !vlm_config.hidden_size=2048 !vlm_config.model_type="paligemma"
  !vlm_config.projection_dim=2048 !vlm_config.text_config.attention_bias=false !vlm_config.text_config.head_dim=256
  !vlm_config.text_config.hidden_size=2048 !vlm_config.text_config.intermediate_size=16384
  !vlm_config.text_config.max_position_embeddings=8192 !vlm_config.text_config.model_type="gemma"
  !vlm_config.text_config.num_attention_heads=8 !vlm_config.text_config.num_hidden_layers=18
  !vlm_config.text_config.num_key_value_heads=1 !vlm_config.text_config.tie_word_embeddings=true
  !vlm_config.text_config.use_bidirectional_attention=true !vlm_config.text_config.vocab_size=257152
  !vlm_config.tie_word_embeddings=true !vlm_config.vision_config.hidden_size=1152
  !vlm_config.vision_config.image_size=224 !vlm_config.vision_config.intermediate_size=4096
  !vlm_config.vision_config.model_type="siglip_vision_model" !vlm_config.vision_config.num_attention_heads=16
  !vlm_config.vision_config.num_channels=3 !vlm_config.vision_config.num_hidden_layers=27
  !vlm_config.vision_config.patch_size=14 !vlm_config.vision_config.projection_dim=2048
  !vlm_config.vision_config.vision_use_head=false !vlm_config.vision_config.vocab_size=257152
  !vlm_config.vocab_size=257152 +2910652800
conditional_detr ConditionalDetrForObjectDetection a:d_model=256 b:#labels=2 c:backbone_config.num_channels=3
  d:decoder_layers=6 e:decoder_ffn_dim=2048 f:encoder_layers=6 g:encoder_ffn_dim=2048 h:num_queries=300
  i:num_channels=3 b~ c~+1*i !backbone_config.backbone="resnet50" !backbone_config.features_only=true
  !backbone_config.model_type="timm_backbone" !backbone_config.out_features=["layer1","layer2","layer3","layer4"]
  !backbone_config.out_indices=[1,2,3,4] !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"]
  !position_embedding_type="sine" +2063*a +23445510 +6*a*a +1*b +1*b*a +3136*c +19*a*d +12*a*a*d +1*e*d +2*a*e*d
  +9*a*f +1*g*f +2*a*g*f +4*a*a*f +1*a*h
conditional_detr ConditionalDetrModel a:backbone_config.num_channels=3 b:d_model=256 c:decoder_layers=6
  d:decoder_ffn_dim=2048 e:encoder_layers=6 f:encoder_ffn_dim=2048 g:num_queries=300 h:num_channels=3 a~+1*h
  !backbone_config.backbone="resnet50" !backbone_config.features_only=true !backbone_config.model_type="timm_backbone"
  !backbone_config.out_features=["layer1","layer2","layer3","layer4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"] !position_embedding_type="sine" +3136*a
  +23445506 +2057*b +19*b*c +12*b*b*c +4*b*b +1*d*c +2*b*d*c +9*b*e +1*f*e +2*b*f*e +4*b*b*e +1*b*g
csm CsmForConditionalGeneration !attention_bias=false !codec_config.attention_bias=false
  !codec_config.audio_channels=1 !codec_config.codebook_dim=256 !codec_config.codebook_size=2048
  !codec_config.compress=2 !codec_config.dilation_growth_rate=2 !codec_config.head_dim=64
  !codec_config.hidden_size=512 !codec_config.intermediate_size=2048 !codec_config.kernel_size=7
  !codec_config.last_kernel_size=3 !codec_config.max_position_embeddings=8000 !codec_config.model_type="mimi"
  !codec_config.num_attention_heads=8 !codec_config.num_filters=64 !codec_config.num_hidden_layers=8
  !codec_config.num_key_value_heads=8 !codec_config.num_quantizers=32 !codec_config.num_residual_layers=1
  !codec_config.num_semantic_quantizers=1 !codec_config.pad_mode="constant" !codec_config.residual_kernel_size=3
  !codec_config.sliding_window=250 !codec_config.tie_word_embeddings=true !codec_config.trim_right_ratio=1.0
  !codec_config.upsample_groups=512 !codec_config.upsampling_ratios=[8,6,5,4] !codec_config.use_causal_conv=true
  !codec_config.use_conv_shortcut=false !codec_config.use_streaming=false
  !codec_config.vector_quantization_hidden_dimension=256 !depth_decoder_config.attention_bias=false
  !depth_decoder_config.backbone_hidden_size=2048 !depth_decoder_config.head_dim=128
  !depth_decoder_config.hidden_size=1024 !depth_decoder_config.intermediate_size=8192
  !depth_decoder_config.max_position_embeddings=33 !depth_decoder_config.mlp_bias=false
  !depth_decoder_config.model_type="csm_depth_decoder_model" !depth_decoder_config.num_attention_heads=8
  !depth_decoder_config.num_codebooks=32 !depth_decoder_config.num_hidden_layers=4
  !depth_decoder_config.num_key_value_heads=2 !depth_decoder_config.vocab_size=2051 !head_dim=64 !hidden_size=2048
  !intermediate_size=8192 !max_position_embeddings=2048 !mlp_bias=false !num_attention_heads=32 !num_codebooks=32
  !num_hidden_layers=16 !num_key_value_heads=8 !text_vocab_size=128256 !tie_codebooks_embeddings=true
  !tie_word_embeddings=true !vocab_size=2051 +1632100161
cvt CvtForImageClassification a:#labels=2 b:embed_dim.2=384 c:embed_dim.0=64 d:embed_dim.1=192 e:num_channels=3
  f:patch_sizes.0=7 g:patch_sizes.1=3 h:patch_sizes.2=3 i:depth.0=1 j:kernel_qkv.0=3 k:depth.1=2 l:kernel_qkv.1=3
  m:depth.2=10 n:kernel_qkv.2=3 a~ !mlp_ratio=[4.0,4.0,4.0] !qkv_bias=[true,true,true]
  !qkv_projection_method=["dw_bn","dw_bn","dw_bn"] +1*a +1*a*b +3*c +3*d +6*b +1*c*e*f*f +1*c*d*g*g +1*d*b*h*h
  +3*i*c*j*j +3*k*d*l*l +3*m*b*n*n +19*i*c +19*k*d +19*m*b +12*i*c*c +12*k*d*d +12*m*b*b
cvt CvtModel a:embed_dim.0=64 b:embed_dim.1=192 c:embed_dim.2=384 d:num_channels=3 e:patch_sizes.0=7 f:patch_sizes.1=3
  g:patch_sizes.2=3 h:depth.0=1 i:kernel_qkv.0=3 j:depth.1=2 k:kernel_qkv.1=3 l:depth.2=10 m:kernel_qkv.2=3
  !mlp_ratio=[4.0,4.0,4.0] !qkv_bias=[true,true,true] !qkv_projection_method=["dw_bn","dw_bn","dw_bn"] +3*a +3*b +4*c
  +1*a*d*e*e +1*a*b*f*f +1*b*c*g*g +3*h*a*i*i +3*j*b*k*k +3*l*c*m*m +19*h*a +19*j*b +19*l*c +12*h*a*a +12*j*b*b
  +12*l*c*c
d_fine DFineForObjectDetection !anchor_image_size=null !backbone_config.depths=[3,4,6,3]
  !backbone_config.embedding_size=64 !backbone_config.hidden_sizes=[256,512,1024,2048]
  !backbone_config.model_type="hgnet_v2" !backbone_config.num_channels=3
  !backbone_config.out_features=["stage2","stage3","stage4"] !backbone_config.out_indices=[2,3,4]
  !backbone_config.stage_downsample=[false,true,true,true] !backbone_config.stage_downsample_strides=[2,2,2,2]
  !backbone_config.stage_in_channels=[48,128,512,1024] !backbone_config.stage_kernel_size=[3,3,5,5]
  !backbone_config.stage_light_block=[false,false,true,true] !backbone_config.stage_mid_channels=[48,96,192,384]
  !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !backbone_config.stage_num_blocks=[1,1,3,1] !backbone_config.stage_numb_of_layers=[6,6,6,6]
  !backbone_config.stage_out_channels=[128,512,1024,2048] !backbone_config.stem_channels=[3,32,48]
  !backbone_config.stem_strides=[2,1,1,2,1] !backbone_config.use_learnable_affine_block=false !d_model=256
  !decoder_attention_heads=8 !decoder_ffn_dim=1024 !decoder_in_channels=[256,256,256] !decoder_layers=6
  !decoder_method="default" !decoder_n_points=4 !depth_mult=1.0 !encode_proj_layers=[2] !encoder_attention_heads=8
  !encoder_ffn_dim=1024 !encoder_hidden_dim=256 !encoder_in_channels=[512,1024,2048] !encoder_layers=1 !eval_size=null
  !feat_strides=[8,16,32] !freeze_backbone_batch_norms=true !head_dim=32 !hidden_expansion=1.0
  !learn_initial_query=false !lqe_hidden_dim=64 !lqe_layers=2 !max_num_bins=32 !normalize_before=false
  !num_denoising=100 !num_feature_levels=3 !num_queries=300 !tie_word_embeddings=true !with_box_refine=true +31083862
d_fine DFineModel !anchor_image_size=null !backbone_config.depths=[3,4,6,3] !backbone_config.embedding_size=64
  !backbone_config.hidden_sizes=[256,512,1024,2048] !backbone_config.model_type="hgnet_v2"
  !backbone_config.num_channels=3 !backbone_config.out_features=["stage2","stage3","stage4"]
  !backbone_config.out_indices=[2,3,4] !backbone_config.stage_downsample=[false,true,true,true]
  !backbone_config.stage_downsample_strides=[2,2,2,2] !backbone_config.stage_in_channels=[48,128,512,1024]
  !backbone_config.stage_kernel_size=[3,3,5,5] !backbone_config.stage_light_block=[false,false,true,true]
  !backbone_config.stage_mid_channels=[48,96,192,384]
  !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !backbone_config.stage_num_blocks=[1,1,3,1] !backbone_config.stage_numb_of_layers=[6,6,6,6]
  !backbone_config.stage_out_channels=[128,512,1024,2048] !backbone_config.stem_channels=[3,32,48]
  !backbone_config.stem_strides=[2,1,1,2,1] !backbone_config.use_learnable_affine_block=false !d_model=256
  !decoder_attention_heads=8 !decoder_ffn_dim=1024 !decoder_in_channels=[256,256,256] !decoder_layers=6
  !decoder_method="default" !decoder_n_points=4 !depth_mult=1.0 !encode_proj_layers=[2] !encoder_attention_heads=8
  !encoder_ffn_dim=1024 !encoder_hidden_dim=256 !encoder_in_channels=[512,1024,2048] !encoder_layers=1 !eval_size=null
  !feat_strides=[8,16,32] !freeze_backbone_batch_norms=true !head_dim=32 !hidden_expansion=1.0
  !learn_initial_query=false !lqe_hidden_dim=64 !lqe_layers=2 !max_num_bins=32 !normalize_before=false
  !num_denoising=100 !num_feature_levels=3 !num_queries=300 !tie_word_embeddings=true !with_box_refine=true +30087730
dab-detr DabDetrForObjectDetection a:hidden_size=256 b:tie_word_embeddings=1 c:#labels=2
  d:backbone_config.num_channels=3 e:decoder_layers=6 f:keep_query_pos=0 g:decoder_ffn_dim=2048 h:encoder_layers=6
  i:encoder_ffn_dim=2048 j:normalize_before=0 k:num_queries=300 c~ !backbone_config.backbone="resnet50"
  !backbone_config.features_only=true !backbone_config.model_type="timm_backbone"
  !backbone_config.out_features=["layer1","layer2","layer3","layer4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"] !num_patterns=0 !query_dim=4 -6*a*b
  +2073*a -4*b +23445514 -2*a*a*b +13*a*a +1*c +1*c*a +3136*d +19*e*a +12*e*a*a -1*a*f +1*e*a*f -1*a*a*f +1*e*a*a*f
  +1*e +1*g*e +2*g*e*a +1*h +1*i*h +2*i*h*a +9*h*a +4*h*a*a +2*a*j +4*k
dac DacModel a:upsampling_ratios.0=8 b:upsampling_ratios.1=8 c:upsampling_ratios.2=4 d:upsampling_ratios.3=2
  e:hidden_size=1024 f:encoder_hidden_size=64 g:downsampling_ratios.0=2 h:downsampling_ratios.1=4
  i:downsampling_ratios.2=8 j:downsampling_ratios.3=8 k:codebook_dim=8 l:codebook_size=1024 m:n_codebooks=9 e~+16*f
  a~+1*j b~+1*i c~+1*h d~+1*g !decoder_hidden_size=1536 +18824545 +2359296*a +589824*b +147456*c +36864*d +10753*e
  +249*f +4*g*f*f +16*h*f*f +64*i*f*f +256*j*f*f +2040*f*f +48*f*e +1*k*l*m +1*k*m +2*k*e*m +1*e*m
data2vec-audio Data2VecAudioForCTC a:add_adapter=0 b:hidden_size=768 c:num_hidden_layers=12 d:intermediate_size=3072
  e:num_conv_pos_embeddings=5 f:conv_pos_kernel_size=19 g:num_conv_pos_embedding_groups=16 h:conv_bias=0
  i:conv_dim.0=512 j:conv_dim.5=512 k:conv_dim.6=512 l:conv_kernel.0=10 m:conv_dim.1=512 n:conv_kernel.1=3
  o:conv_dim.2=512 p:conv_kernel.2=3 q:conv_dim.3=512 r:conv_kernel.3=3 s:conv_dim.4=512 t:conv_kernel.4=3
  u:conv_kernel.5=2 v:conv_kernel.6=2 w:vocab_size=32 !num_feat_extract_layers=7 +6*a*b +18*a*b*b +4*b +9*b*c +4*b*b*c
  +1*d*c +2*b*d*c +1*b*e +1*f*b*b//g*e +1*h*i +2048*h +1*h*j +1*h*k +1*i*l +1*i*m*n +1*m*o*p +1*o*q*r +1*q*s*t
  +1*s*j*u +1*j*k*v +2*i +2*m +2*o +2*q +2*s +2*j +4*k +1*k*b +1*w +1*b*w
data2vec-audio Data2VecAudioForAudioFrameClassification a:#labels=2 b:hidden_size=768 c:num_hidden_layers=12
  d:intermediate_size=3072 e:num_conv_pos_embeddings=5 f:conv_pos_kernel_size=19 g:num_conv_pos_embedding_groups=16
  h:conv_bias=0 i:conv_dim.0=512 j:conv_kernel.0=10 k:conv_dim.1=512 l:conv_kernel.1=3 m:conv_dim.2=512
  n:conv_kernel.2=3 o:conv_dim.3=512 p:conv_kernel.3=3 q:conv_dim.4=512 r:conv_kernel.4=3 s:conv_dim.5=512
  t:conv_kernel.5=2 u:conv_dim.6=512 v:conv_kernel.6=2 a~ !add_adapter=false !num_feat_extract_layers=7 +1*a +1*a*b
  +4*b +9*b*c +4*b*b*c +1*d*c +2*b*d*c +1*b*e +1*f*b*b//g*e +1*h*i +3072*h +1*i*j +1*i*k*l +1*k*m*n +1*m*o*p +1*o*q*r
  +1*q*s*t +1*s*u*v +2*i +2*k +2*m +2*o +2*q +2*s +4*u +1*u*b
data2vec-text Data2VecTextForCausalLM a:hidden_size=768 b:max_position_embeddings=512 c:type_vocab_size=2
  d:vocab_size=30522 e:num_hidden_layers=12 f:intermediate_size=3072 g:tie_word_embeddings=1
  !add_cross_attention=false +5*a +1*a*b +1*a*c +2*a*d +9*a*e +4*a*a*e +1*f*e +2*a*f*e +2*d -1*g*d -1*a*g*d +1*a*a
data2vec-text Data2VecTextModel a:hidden_size=768 b:max_position_embeddings=512 c:type_vocab_size=2 d:vocab_size=30522
  e:num_hidden_layers=12 f:intermediate_size=3072 !add_cross_attention=false +3*a +1*a*b +1*a*c +1*a*d +9*a*e +4*a*a*e
  +1*f*e +2*a*f*e +1*a*a
data2vec-vision Data2VecVisionForImageClassification a:#labels=2 b:hidden_size=768 c:num_channels=3
  d:use_absolute_position_embeddings=0 e:num_hidden_layers=12 f:use_relative_position_bias=0 g:intermediate_size=3072
  h:use_shared_relative_position_bias=0 a~ !patch_size=16 +1*a +1*a*b +4*b +256*b*c +197*b*d +4*b*b*e +10*b*e
  +8784*e*f +1*g*e +2*b*g*e +8784*h
data2vec-vision Data2VecVisionModel a:hidden_size=768 b:num_channels=3 c:use_absolute_position_embeddings=0
  d:num_hidden_layers=12 e:use_relative_position_bias=0 f:intermediate_size=3072 g:use_shared_relative_position_bias=0
  h:use_mean_pooling=1 !patch_size=16 +4*a +256*a*b +197*a*c +4*a*a*d +10*a*d +8784*d*e +1*f*d +2*a*f*d +8784*g -2*a*h
deformable_detr DeformableDetrForObjectDetection a:d_model=256 b:with_box_refine=0 c:#labels=2
  d:backbone_config.num_channels=3 e:decoder_layers=6 f:decoder_n_points=4 g:decoder_ffn_dim=1024 h:encoder_layers=6
  i:encoder_ffn_dim=1024 j:encoder_n_points=4 k:num_queries=300 c~ !backbone_config.backbone="resnet50"
  !backbone_config.features_only=true !backbone_config.model_type="timm_backbone"
  !backbone_config.out_features=["layer2","layer3","layer4"] !backbone_config.out_indices=[2,3,4]
  !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"] !decoder_attention_heads=8
  !encoder_attention_heads=8 !num_feature_levels=4 !position_embedding_type="sine" !tie_word_embeddings=true
  !two_stage=false -6*a*b +22040*a -4*b +23445510 -2*a*a*b +2*a*a +1*c +1*c*a +3136*d +6*a*e*b +4*e*b +2*a*a*e*b
  +96*e*f +96*a*e*f +13*a*e +6*a*a*e +1*g*e +2*a*g*e +7*a*h +1*i*h +2*a*i*h +96*h*j +96*a*h*j +2*a*a*h +2*a*k
deformable_detr DeformableDetrModel a:backbone_config.num_channels=3 b:decoder_attention_heads=8 c:decoder_layers=6
  d:decoder_n_points=4 e:num_feature_levels=4 f:d_model=256 g:decoder_ffn_dim=1024 h:encoder_layers=6
  i:encoder_ffn_dim=1024 j:encoder_attention_heads=8 k:encoder_n_points=4 l:num_queries=300
  !backbone_config.backbone="resnet50" !backbone_config.features_only=true !backbone_config.model_type="timm_backbone"
  !backbone_config.out_features=["layer2","layer3","layer4"] !backbone_config.out_indices=[2,3,4]
  !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"] !position_embedding_type="sine"
  !two_stage=false +3136*a +23445506 +3*b*c*d*e +3*f*b*c*d*e +13*f*c +6*f*f*c +1*g*c +2*f*g*c +7*f*h +1*i*h +2*f*i*h
  +3*j*h*k*e +3*f*j*h*k*e +2*f*f*h +3*f*e*e//2 -4*f*e*e//3 +3589*f +54*f*f*e//8 +6*f*e//8 -36866*f*e//3 +55299*f*e//4
  +9*f*f*e//5 +1*f*e//5 +1*f*e +2*f*l
depth_pro DepthProForDepthEstimation !fov_model_config.apply_layernorm=true !fov_model_config.hidden_size=768
  !fov_model_config.image_size=384 !fov_model_config.mlp_ratio=4 !fov_model_config.model_type="dinov2"
  !fov_model_config.num_attention_heads=12 !fov_model_config.num_channels=3 !fov_model_config.num_hidden_layers=12
  !fov_model_config.out_features=["stage12"] !fov_model_config.out_indices=[12] !fov_model_config.patch_size=14
  !fov_model_config.qkv_bias=true !fov_model_config.reshape_hidden_states=true
  !fov_model_config.stage_names=["stem","stage1","stage2","stage3","stage4","stage5","stage6","stage7","stage8","stage9","stage10","stage11","stage12"]
  !fov_model_config.use_swiglu_ffn=false !fusion_hidden_size=256 !image_model_config.apply_layernorm=true
  !image_model_config.hidden_size=768 !image_model_config.image_size=384 !image_model_config.mlp_ratio=4
  !image_model_config.model_type="dinov2" !image_model_config.num_attention_heads=12
  !image_model_config.num_channels=3 !image_model_config.num_hidden_layers=12
  !image_model_config.out_features=["stage12"] !image_model_config.out_indices=[12] !image_model_config.patch_size=14
  !image_model_config.qkv_bias=true !image_model_config.reshape_hidden_states=true
  !image_model_config.stage_names=["stem","stage1","stage2","stage3","stage4","stage5","stage6","stage7","stage8","stage9","stage10","stage11","stage12"]
  !image_model_config.use_swiglu_ffn=false !intermediate_feature_dims=[256,256] !merge_padding_value=3
  !num_fov_head_layers=2 !patch_model_config.apply_layernorm=true !patch_model_config.hidden_size=768
  !patch_model_config.image_size=384 !patch_model_config.mlp_ratio=4 !patch_model_config.model_type="dinov2"
  !patch_model_config.num_attention_heads=12 !patch_model_config.num_channels=3
  !patch_model_config.num_hidden_layers=12 !patch_model_config.out_features=["stage12"]
  !patch_model_config.out_indices=[12] !patch_model_config.patch_size=14 !patch_model_config.qkv_bias=true
  !patch_model_config.reshape_hidden_states=true
  !patch_model_config.stage_names=["stem","stage1","stage2","stage3","stage4","stage5","stage6","stage7","stage8","stage9","stage10","stage11","stage12"]
  !patch_model_config.use_swiglu_ffn=false !patch_size=384 !use_batch_norm_in_fusion_residual=false
  !use_bias_in_fusion_residual=true !use_fov_model=false +210594881
depth_pro DepthProModel !fov_model_config.apply_layernorm=true !fov_model_config.hidden_size=768
  !fov_model_config.image_size=384 !fov_model_config.mlp_ratio=4 !fov_model_config.model_type="dinov2"
  !fov_model_config.num_attention_heads=12 !fov_model_config.num_channels=3 !fov_model_config.num_hidden_layers=12
  !fov_model_config.out_features=["stage12"] !fov_model_config.out_indices=[12] !fov_model_config.patch_size=14
  !fov_model_config.qkv_bias=true !fov_model_config.reshape_hidden_states=true
  !fov_model_config.stage_names=["stem","stage1","stage2","stage3","stage4","stage5","stage6","stage7","stage8","stage9","stage10","stage11","stage12"]
  !fov_model_config.use_swiglu_ffn=false !fusion_hidden_size=256 !image_model_config.apply_layernorm=true
  !image_model_config.hidden_size=768 !image_model_config.image_size=384 !image_model_config.mlp_ratio=4
  !image_model_config.model_type="dinov2" !image_model_config.num_attention_heads=12
  !image_model_config.num_channels=3 !image_model_config.num_hidden_layers=12
  !image_model_config.out_features=["stage12"] !image_model_config.out_indices=[12] !image_model_config.patch_size=14
  !image_model_config.qkv_bias=true !image_model_config.reshape_hidden_states=true
  !image_model_config.stage_names=["stem","stage1","stage2","stage3","stage4","stage5","stage6","stage7","stage8","stage9","stage10","stage11","stage12"]
  !image_model_config.use_swiglu_ffn=false !intermediate_feature_dims=[256,256] !merge_padding_value=3
  !num_fov_head_layers=2 !patch_model_config.apply_layernorm=true !patch_model_config.hidden_size=768
  !patch_model_config.image_size=384 !patch_model_config.mlp_ratio=4 !patch_model_config.model_type="dinov2"
  !patch_model_config.num_attention_heads=12 !patch_model_config.num_channels=3
  !patch_model_config.num_hidden_layers=12 !patch_model_config.out_features=["stage12"]
  !patch_model_config.out_indices=[12] !patch_model_config.patch_size=14 !patch_model_config.qkv_bias=true
  !patch_model_config.reshape_hidden_states=true
  !patch_model_config.stage_names=["stem","stage1","stage2","stage3","stage4","stage5","stage6","stage7","stage8","stage9","stage10","stage11","stage12"]
  !patch_model_config.use_swiglu_ffn=false !patch_size=384 !use_batch_norm_in_fusion_residual=false
  !use_bias_in_fusion_residual=true !use_fov_model=false +197018112
detr DetrForObjectDetection a:d_model=256 b:#labels=2 c:backbone_config.num_channels=3 d:decoder_layers=6
  e:decoder_ffn_dim=2048 f:encoder_layers=6 g:encoder_ffn_dim=2048 h:num_queries=100 i:num_channels=3 b~ c~+1*i
  !backbone_config.backbone="resnet50" !backbone_config.features_only=true !backbone_config.model_type="timm_backbone"
  !backbone_config.out_features=["layer1","layer2","layer3","layer4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"] !position_embedding_type="sine" +2058*a
  +23445509 +2*a*a +1*b +1*b*a +3136*c +15*a*d +8*a*a*d +1*e*d +2*a*e*d +9*a*f +1*g*f +2*a*g*f +4*a*a*f +1*a*h
detr DetrModel a:backbone_config.num_channels=3 b:d_model=256 c:decoder_layers=6 d:decoder_ffn_dim=2048
  e:encoder_layers=6 f:encoder_ffn_dim=2048 g:num_queries=100 h:num_channels=3 a~+1*h
  !backbone_config.backbone="resnet50" !backbone_config.features_only=true !backbone_config.model_type="timm_backbone"
  !backbone_config.out_features=["layer1","layer2","layer3","layer4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"] !position_embedding_type="sine" +3136*a
  +23445504 +2051*b +15*b*c +8*b*b*c +1*d*c +2*b*d*c +9*b*e +1*f*e +2*b*f*e +4*b*b*e +1*b*g
dia DiaForConditionalGeneration a:decoder_config.hidden_size=2048 b:decoder_config.vocab_size=1028
  c:decoder_config.cross_head_dim=128 d:decoder_config.cross_hidden_size=1024
  e:decoder_config.cross_num_key_value_heads=16 f:decoder_config.num_hidden_layers=18
  g:decoder_config.cross_num_attention_heads=16 h:decoder_config.intermediate_size=8192 i:decoder_config.head_dim=128
  j:decoder_config.num_key_value_heads=4 k:decoder_config.num_attention_heads=16 l:encoder_config.hidden_size=1024
  m:encoder_config.vocab_size=256 n:encoder_config.intermediate_size=4096 o:encoder_config.num_hidden_layers=12
  p:encoder_config.head_dim=128 q:encoder_config.num_key_value_heads=16 r:encoder_config.num_attention_heads=16
  !decoder_config.model_type="dia_decoder" !decoder_config.num_channels=9 !encoder_config.model_type="dia_encoder"
  +18*a*b +2*c*d*e*f +2*c*g*a*f +3*a*h*f +3*a*f +2*i*a*f*j +2*i*a*k*f +1*a +1*l*m +3*l*n*o +2*l*o +2*p*l*o*q
  +2*p*l*r*o +1*l
dia DiaModel a:decoder_config.hidden_size=2048 b:decoder_config.vocab_size=1028 c:decoder_config.cross_head_dim=128
  d:decoder_config.cross_hidden_size=1024 e:decoder_config.cross_num_key_value_heads=16
  f:decoder_config.num_hidden_layers=18 g:decoder_config.cross_num_attention_heads=16
  h:decoder_config.intermediate_size=8192 i:decoder_config.head_dim=128 j:decoder_config.num_key_value_heads=4
  k:decoder_config.num_attention_heads=16 l:encoder_config.hidden_size=1024 m:encoder_config.vocab_size=256
  n:encoder_config.intermediate_size=4096 o:encoder_config.num_hidden_layers=12 p:encoder_config.head_dim=128
  q:encoder_config.num_key_value_heads=16 r:encoder_config.num_attention_heads=16
  !decoder_config.model_type="dia_decoder" !decoder_config.num_channels=9 !encoder_config.model_type="dia_encoder"
  +9*a*b +2*c*d*e*f +2*c*g*a*f +3*a*h*f +3*a*f +2*i*a*f*j +2*i*a*k*f +1*a +1*l*m +3*l*n*o +2*l*o +2*p*l*o*q +2*p*l*r*o
  +1*l
dpt DPTForDepthEstimation a:is_hybrid=0 b:hidden_size=768 c:num_channels=3 d:patch_size=16 e:image_size=384
  f:num_hidden_layers=12 g:qkv_bias=1 h:intermediate_size=3072 i:fusion_hidden_size=256 j:add_projection=0
  k:neck_hidden_sizes.0=96 l:neck_hidden_sizes.1=192 m:neck_hidden_sizes.2=384 n:neck_hidden_sizes.3=768
  o:use_batch_norm_in_fusion_residual=0 !backbone_config=null !backbone_featmap_shape=null !head_in_index=-1
  !neck_ignore_stages=[] !readout_type="project" !use_bias_in_fusion_residual=null +11894848*a +9*b +1022*b*a
  -1*b*a*c*d*d +1*b*c*d*d +1*b*e//d*e//d +3*b*f*g +4*b*b*f +6*b*f +1*h*f +2*b*h*f +289*i//2 +65 +9*i*i//2 +590080*j
  +9*i*k +9*i*l +9*i*m +9*i*n +20*i +148*i*i +16*i*o -2*a*k +2*k -2*a*l +2*l +1*m +2*n -1*b*a*k +1*b*k -1*b*a*l +1*b*l
  +1*b*m +1*b*n -16*a*k*k +16*k*k -4*a*l*l +4*l*l +9*n*n -4*b*b*a +8*b*b
dpt DPTForSemanticSegmentation a:fusion_hidden_size=256 b:use_auxiliary_head=1 c:#labels=2 d:is_hybrid=0
  e:hidden_size=768 f:num_channels=3 g:patch_size=16 h:image_size=384 i:num_hidden_layers=12 j:qkv_bias=1
  k:intermediate_size=3072 l:neck_hidden_sizes.0=96 m:neck_hidden_sizes.1=192 n:neck_hidden_sizes.2=384
  o:neck_hidden_sizes.3=768 p:use_batch_norm_in_fusion_residual=0 c~ !backbone_config=null
  !backbone_featmap_shape=null !head_in_index=-1 !neck_ignore_stages=[] !readout_type="project"
  !use_bias_in_fusion_residual=null +9*a*a*b +2*a*b +1*c*a*b +1*c*b +11894848*d +9*e +1022*e*d -1*e*d*f*g*g +1*e*f*g*g
  +1*e*h//g*h//g +3*e*i*j +4*e*e*i +6*e*i +1*k*i +2*e*k*i +157*a*a +22*a +1*c*a +1*c +9*a*l +9*a*m +9*a*n +9*a*o
  +16*a*p -2*d*l +2*l -2*d*m +2*m +1*n +2*o -1*e*d*l +1*e*l -1*e*d*m +1*e*m +1*e*n +1*e*o -16*d*l*l +16*l*l -4*d*m*m
  +4*m*m +9*o*o -4*e*e*d +8*e*e
dpt DPTModel a:is_hybrid=0 b:hidden_size=768 c:num_channels=3 d:patch_size=16 e:image_size=384 f:num_hidden_layers=12
  g:qkv_bias=1 h:intermediate_size=3072 !backbone_config=null !backbone_featmap_shape=null !head_in_index=-1
  !neck_ignore_stages=[] !readout_type="project" !use_bias_in_fusion_residual=null +11894848*a +6*b +1024*b*a
  -1*b*a*c*d*d +1*b*c*d*d +1*b*e//d*e//d +3*b*f*g +4*b*b*f +6*b*f +1*h*f +2*b*h*f +1*b*b
edgetam EdgeTamModel a:mask_decoder_config.hidden_size=256 b:mask_decoder_config.iou_head_depth=3
  c:mask_decoder_config.iou_head_hidden_dim=256 d:mask_decoder_config.num_multimask_outputs=3
  e:mask_decoder_config.attention_downsample_rate=2 f:mask_decoder_config.num_hidden_layers=2
  g:mask_decoder_config.mlp_dim=2048 h:vision_config.fpn_hidden_size=256
  i:prompt_encoder_config.mask_input_channels=16 j:prompt_encoder_config.hidden_size=256
  k:prompt_encoder_config.num_point_embeddings=4 l:vision_config.backbone_config.num_classes=2
  m:vision_config.backbone_channel_list.0=384 n:vision_config.fpn_kernel_size=1
  o:vision_config.backbone_channel_list.1=192 p:vision_config.backbone_channel_list.2=96
  q:vision_config.backbone_channel_list.3=48 !mask_decoder_config.dynamic_multimask_stability_delta=0.05
  !mask_decoder_config.dynamic_multimask_stability_thresh=0.98 !mask_decoder_config.model_type="edgetam_mask_decoder"
  !prompt_encoder_config.model_type="edgetam_prompt_encoder" !vision_config.backbone_config.archirecture="repvit_m1"
  !vision_config.backbone_config.architecture="resnet50" !vision_config.backbone_config.do_pooling=true
  !vision_config.backbone_config.label_names=["LABEL_0","LABEL_1"]
  !vision_config.backbone_config.model_args={"in_chans":3,"features_only":true,"out_indices":[0,1,2,3]}
  !vision_config.backbone_config.model_type="timm_wrapper"
  !vision_config.backbone_feature_sizes=[[256,256],[128,128],[64,64]] !vision_config.fpn_padding=0
  !vision_config.model_type="edgetam_vision_model" +3*a//8 +2*a*a//8 +4*a//4 +5*a*a//4 +1*b*c +1*b*c*c -2*c*c +1*a*c
  +1*d +8543298 +1*c*d +11*a +3*a*d +2*a*a*d +4*a*a +1*a//8*d +1*a*a//8*d +3*a//e +4*a*a//e +6*a//e*f +8*a*a//e*f
  +15*a*f +3*g*f//3 +18*g*f//4 +3*g*g*f//3 +18*g*g*f//4 +1*g*f +2*a*g*f +4*a*a*f +4*a//4*a//8 +5*h +7*i//4 +3*i
  +4*i*i//4 +3*j +1*j*i +1*j*k +14964736*l//3 -14964736*l//5 +1*m*h*n*n +1*o*h*n*n +1*p*h*n*n +1*q*h*n*n
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
ernie ErnieForMaskedLM a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=512
  e:type_vocab_size=2 f:num_hidden_layers=12 g:intermediate_size=3072 !add_cross_attention=false +2*a -1*b*a -1*c*b*a
  +2*c*a +5*c +1*c*c +1*c*d +1*c*e +9*c*f +4*c*c*f +1*g*f +2*c*g*f
ernie ErnieForCausalLM a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=512
  e:type_vocab_size=2 f:num_hidden_layers=12 g:intermediate_size=3072 !add_cross_attention=false +2*a -1*b*a -1*c*b*a
  +2*c*a +5*c +1*c*c +1*c*d +1*c*e +9*c*f +4*c*c*f +1*g*f +2*c*g*f
ernie ErnieModel a:hidden_size=768 b:max_position_embeddings=512 c:type_vocab_size=2 d:vocab_size=30522
  e:num_hidden_layers=12 f:intermediate_size=3072 !add_cross_attention=false +3*a +1*a*b +1*a*c +1*a*d +9*a*e +4*a*a*e
  +1*f*e +2*a*f*e +1*a*a
ernie4_5_vl_moe Ernie4_5_VLMoeForConditionalGeneration a:text_config.vocab_size=103424 b:tie_word_embeddings=1
  c:text_config.num_hidden_layers=28 d:text_config.mlp_layer_types/dense=1 e:text_config.use_bias=0
  f:text_config.intermediate_size=12288 g:text_config.mlp_layer_types/sparse=27
  h:text_config.moe_intermediate_size.0=1536 i:text_config.moe_num_shared_experts=2 j:text_config.moe_num_experts=64
  k:text_config.moe_intermediate_size.1=512 l:text_config.num_key_value_heads=4 m:vision_config.hidden_size=1280
  n:vision_config.spatial_merge_size=2 o:vision_config.temporal_merge_size=2 p:vision_config.depth=32
  q:vision_config.intermediate_size=5120 r:vision_config.in_channels=3 s:vision_config.patch_size=14 g~+1*c;-1
  !text_config.hidden_size=2560 !text_config.model_type="ernie4_5_vl_moe_text" !text_config.num_attention_heads=20
  !vision_config.model_type="ernie4_5_vl_moe_vision" -2560*a*b +5120*a +13112320*c +2560*d*e +7680*f*d +2*f*d*e
  +2560*g*e +7680*g*h*i +2*g*h*i*e +7680*g*h*j +5122*g*j +7680*g*k*j +256*c*l*e +655360*c*l +5120*c*e +7680
  +2568*m*n*n +5*m*m*n*n*n*n -8*m*m*n*n +4*m*m*n*n*o +9*p*m +4*p*m*m +1*p*q +2*p*m*q +2*m +1*m*r*s*s
ernie4_5_vl_moe Ernie4_5_VLMoeModel a:text_config.vocab_size=103424 b:text_config.num_hidden_layers=28
  c:text_config.mlp_layer_types/dense=1 d:text_config.use_bias=0 e:text_config.intermediate_size=12288
  f:text_config.mlp_layer_types/sparse=27 g:text_config.moe_intermediate_size.0=1536
  h:text_config.moe_num_shared_experts=2 i:text_config.moe_num_experts=64 j:text_config.moe_intermediate_size.1=512
  k:text_config.num_key_value_heads=4 l:vision_config.hidden_size=1280 m:vision_config.spatial_merge_size=2
  n:vision_config.temporal_merge_size=2 o:vision_config.depth=32 p:vision_config.intermediate_size=5120
  q:vision_config.in_channels=3 r:vision_config.patch_size=14 f~+1*b;-1 !text_config.hidden_size=2560
  !text_config.model_type="ernie4_5_vl_moe_text" !text_config.num_attention_heads=20
  !vision_config.model_type="ernie4_5_vl_moe_vision" +2560*a +13112320*b +2560*c*d +7680*e*c +2*e*c*d +2560*f*d
  +7680*f*g*h +2*f*g*h*d +7680*f*g*i +5122*f*i +7680*f*j*i +256*b*k*d +655360*b*k +5120*b*d +7680 +2568*l*m*m
  +5*l*l*m*m*m*m -8*l*l*m*m +4*l*l*m*m*n +9*o*l +4*o*l*l +1*o*p +2*o*l*p +2*l +1*l*q*r*r
fast_vlm FastVlmForConditionalGeneration !image_seq_length=576 !multimodal_projector_bias=true
  !text_config.hidden_size=3584 !text_config.intermediate_size=18944
  !text_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !text_config.max_position_embeddings=32768 !text_config.max_window_layers=28 !text_config.model_type="qwen2"
  !text_config.num_attention_heads=28 !text_config.num_hidden_layers=28 !text_config.num_key_value_heads=4
  !text_config.sliding_window=null !text_config.tie_word_embeddings=false !text_config.use_sliding_window=false
  !text_config.vocab_size=152128 !tie_word_embeddings=false !vision_config.architecture="fastvit_mci3"
  !vision_config.do_pooling=true !vision_config.global_pool="avg" !vision_config.hidden_size=3072
  !vision_config.label_names=["LABEL_0","LABEL_1"] !vision_config.model_args={"inference_mode":true}
  !vision_config.model_type="timm_wrapper" !vision_config.num_classes=2 !vision_feature_layer=-1
  !vision_feature_select_strategy="full" +7762651744
flava FlavaForPreTraining a:image_config.hidden_size=768 b:image_config.num_channels=3 c:image_config.patch_size=16
  d:image_config.image_size=224 e:image_config.num_hidden_layers=12 f:image_config.qkv_bias=1
  g:image_config.intermediate_size=3072 h:projection_dim=768 i:multimodal_config.hidden_size=768
  j:multimodal_config.num_hidden_layers=6 k:multimodal_config.qkv_bias=1 l:multimodal_config.intermediate_size=3072
  m:text_config.hidden_size=768 n:text_config.max_position_embeddings=512 o:text_config.type_vocab_size=2
  p:text_config.vocab_size=30522 q:text_config.num_hidden_layers=12 r:text_config.qkv_bias=1
  s:text_config.intermediate_size=3072 t:image_codebook_config.hidden_size=256
  u:image_codebook_config.num_blocks_per_group=2 v:image_codebook_config.input_channels=3
  w:image_codebook_config.vocab_size=8192 x:hidden_size=768 y:image_config.vocab_size=8192 z:tie_word_embeddings=1
  !ce_ignore_index=-100 !image_codebook_config.model_type="flava_image_codebook"
  !image_config.model_type="flava_image_model" !init_codebook=true
  !multimodal_config.model_type="flava_multimodal_model" !text_config.model_type="flava_text_model" +13*a +1*a*b*c*c
  +1*a*d//c*d//c +3*a*e*f +4*a*a*e +6*a*e +1*g*e +2*a*g*e +3*a*a +2*h +1*a*h +6*i +1*a*i +3 +3*i*j*k +4*i*i*j +6*i*j
  +1*l*j +2*i*l*j +1*i*i +11*m +1*m*n +1*m*o +3*m*p +3*m*q*r +4*m*m*q +6*m*q +1*s*q +2*m*s*q +3*m*m +1*h*m +1*i*m
  +3*t//4 +10*t*t//4 +18*t//4*t//4 +39*t +3*t//4*u//2 +10*t*t//4*u//2 +18*t//4*t//4*u//2 +24*t*u//2 +3*t//4*u//3
  +10*t*t//4*u//3 +18*t//4*t//4*u//3 +24*t*u//3 +242*t*t +3*t//2 +11*t*t//2 +18*t//2*t//2 +3*t//2*u//2 +20*t*t//2*u//2
  +18*t//2*t//2*u//2 +3*t//2*u//3 +20*t*t//2*u//3 +18*t//2*t//2*u//3 +290*t*t*u//2 +290*t*t*u//3 +49*t*v +1*w +8*t*w
  +3*x +1*x*x +4*y -2*y*z +2*a*y +4*p -2*p*z
flava FlavaModel a:image_config.hidden_size=768 b:image_config.num_channels=3 c:image_config.patch_size=16
  d:image_config.image_size=224 e:image_config.num_hidden_layers=12 f:image_config.qkv_bias=1
  g:image_config.intermediate_size=3072 h:projection_dim=768 i:multimodal_config.hidden_size=768
  j:multimodal_config.num_hidden_layers=6 k:multimodal_config.qkv_bias=1 l:multimodal_config.intermediate_size=3072
  m:text_config.hidden_size=768 n:text_config.max_position_embeddings=512 o:text_config.type_vocab_size=2
  p:text_config.vocab_size=30522 q:text_config.num_hidden_layers=12 r:text_config.qkv_bias=1
  s:text_config.intermediate_size=3072 !ce_ignore_index=-100 !image_codebook_config.model_type="flava_image_codebook"
  !image_config.model_type="flava_image_model" !multimodal_config.model_type="flava_multimodal_model"
  !text_config.model_type="flava_text_model" +7*a +1*a*b*c*c +1*a*d//c*d//c +3*a*e*f +4*a*a*e +6*a*e +1*g*e +2*a*g*e
  +1*a*a +2*h +1*a*h +6*i +1*a*i +1 +3*i*j*k +4*i*i*j +6*i*j +1*l*j +2*i*l*j +1*i*i +5*m +1*m*n +1*m*o +1*m*p +3*m*q*r
  +4*m*m*q +6*m*q +1*s*q +2*m*s*q +1*m*m +1*h*m +1*i*m
florence2 Florence2ForConditionalGeneration a:text_config.d_model=1024 b:text_config.vocab_size=50265
  c:tie_word_embeddings=1 d:text_config.max_position_embeddings=1024 e:text_config.tie_word_embeddings=1
  f:text_config.decoder_layers=12 g:text_config.decoder_ffn_dim=4096 h:text_config.encoder_ffn_dim=4096
  i:text_config.encoder_layers=12 j:vision_config.embed_dim.3=1024 k:vision_config.max_position_embeddings=50
  l:vision_config.projection_dim=1024 m:vision_config.depths.0=1 n:vision_config.embed_dim.0=128
  o:vision_config.depths.1=1 p:vision_config.embed_dim.1=256 q:vision_config.depths.2=9
  r:vision_config.embed_dim.2=512 s:vision_config.depths.3=1 t:vision_config.qkv_bias=1 u:vision_config.mlp_ratio=4.0
  v:vision_config.in_channels=3 w:vision_config.patch_size.0=7 x:vision_config.patch_size.1=3
  y:vision_config.patch_size.2=3 z:vision_config.patch_size.3=3 !text_config.model_type="bart"
  !vision_config.model_type="florence_vision" !vision_config.patch_prenorm=[false,true,true,true] -1*a*b*c +4*a*b
  +2*a*d +8*a -2*a*e*b +15*a*f +8*a*a*f +1*g*f +2*a*g*f +1*h*i +2*a*h*i +9*a*i +4*a*a*i +2*j//2*k +2*l +1*j*l +52*m*n
  +52*o*p +52*q*r +52*s*j +8*m*n*n +8*o*p*p +8*q*r*r +8*s*j*j +6*m*n*t +6*o*p*t +6*q*r*t +6*s*j*t +2*m*n*u +2*o*p*u
  +2*q*r*u +2*s*j*u +4*m*n*n*u +4*o*p*p*u +4*q*r*r*u +4*s*j*j*u +5*n +3*p +3*r +1*j +1*n*v*w*w +1*n*p*x*x +1*p*r*y*y
  +1*r*j*z*z
florence2 Florence2Model a:text_config.d_model=1024 b:text_config.max_position_embeddings=1024
  c:text_config.tie_word_embeddings=1 d:text_config.vocab_size=50265 e:text_config.decoder_layers=12
  f:text_config.decoder_ffn_dim=4096 g:text_config.encoder_ffn_dim=4096 h:text_config.encoder_layers=12
  i:vision_config.embed_dim.3=1024 j:vision_config.max_position_embeddings=50 k:vision_config.projection_dim=1024
  l:vision_config.depths.0=1 m:vision_config.embed_dim.0=128 n:vision_config.depths.1=1
  o:vision_config.embed_dim.1=256 p:vision_config.depths.2=9 q:vision_config.embed_dim.2=512
  r:vision_config.depths.3=1 s:vision_config.qkv_bias=1 t:vision_config.mlp_ratio=4.0 u:vision_config.in_channels=3
  v:vision_config.patch_size.0=7 w:vision_config.patch_size.1=3 x:vision_config.patch_size.2=3
  y:vision_config.patch_size.3=3 !text_config.model_type="bart" !vision_config.model_type="florence_vision"
  !vision_config.patch_prenorm=[false,true,true,true] +2*a*b +8*a -2*a*c*d +3*a*d +15*a*e +8*a*a*e +1*f*e +2*a*f*e
  +1*g*h +2*a*g*h +9*a*h +4*a*a*h +2*i//2*j +2*k +1*i*k +52*l*m +52*n*o +52*p*q +52*r*i +8*l*m*m +8*n*o*o +8*p*q*q
  +8*r*i*i +6*l*m*s +6*n*o*s +6*p*q*s +6*r*i*s +2*l*m*t +2*n*o*t +2*p*q*t +2*r*i*t +4*l*m*m*t +4*n*o*o*t +4*p*q*q*t
  +4*r*i*i*t +5*m +3*o +3*q +1*i +1*m*u*v*v +1*m*o*w*w +1*o*q*x*x +1*q*i*y*y
FluxControlNetModel FluxControlNetModel a:attention_head_dim=128 b:num_attention_heads=24 c:joint_attention_dim=4096
  d:num_layers=19 e:num_single_layers=38 f:in_channels=64 g:guidance_embeds=0 h:pooled_projection_dim=768
  !conditioning_embedding_channels=null !num_mode=null +263*a*b +1*a*c*b +31*a*b*d +37*a*a*b*b*d +12*a*b*e
  +16*a*a*b*b*e +2*a*f*b +2*a*e +258*a*g*b +1*a*a*g*b*b +1*a*b*h +2*a*a*b*b +4*a*d
fuyu FuyuForCausalLM a:text_config.hidden_size=4096 b:text_config.vocab_size=262144 c:tie_word_embeddings=0
  d:text_config.num_hidden_layers=36 e:text_config.intermediate_size=16384 f:text_config.num_attention_heads=64
  g:text_config.qk_layernorm=1 h:num_channels=3 i:patch_size=30 !text_config.model_type="persimmon" -1*a*b*c +2*a*b
  +3*a +9*a*d +2*a*e*d +1*e*d +4*a*a*d +4*a//f*d*g +1*h*i*i*a
fuyu FuyuModel a:text_config.hidden_size=4096 b:text_config.vocab_size=262144 c:text_config.num_hidden_layers=36
  d:text_config.intermediate_size=16384 e:text_config.num_attention_heads=64 f:text_config.qk_layernorm=1
  g:num_channels=3 h:patch_size=30 !text_config.model_type="persimmon" +1*a*b +3*a +9*a*c +2*a*d*c +1*d*c +4*a*a*c
  +4*a//e*c*f +1*g*h*h*a
gemma3n Gemma3nForConditionalGeneration a:text_config.hidden_size=2048 b:text_config.vocab_size=262400
  c:tie_word_embeddings=1 d:audio_config.conf_num_attention_heads=8 e:audio_config.conf_num_hidden_layers=12
  f:audio_config.hidden_size=1536 g:audio_config.conf_conv_kernel_size=5 h:audio_config.sscp_conv_channel_size.0=128
  i:audio_config.sscp_conv_channel_size.1=32 j:audio_config.input_feat_size=128 k:audio_config.vocab_size=128
  l:vision_config.hidden_size=2048 m:vision_config.vocab_size=128 n:text_config.altup_num_inputs=4
  o:text_config.hidden_size_per_layer_input=256 p:text_config.num_hidden_layers=35
  q:text_config.vocab_size_per_layer_input=262144 r:text_config.laurel_rank=64 s:text_config.head_dim=256
  t:text_config.num_kv_shared_layers=15 u:text_config.attention_bias=0 v:text_config.num_key_value_heads=2
  w:text_config.num_attention_heads=8 !audio_config.conf_attention_context_right=0
  !audio_config.model_type="gemma3n_audio" !audio_config.sscp_conv_kernel_size=[[3,3],[3,3]]
  !text_config.intermediate_size=[16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384,16384]
  !text_config.model_type="gemma3n_text" !vision_config.architecture="mobilenetv5_300m_enc"
  !vision_config.model_args=null !vision_config.model_type="gemma3n_vision" -1*a*b*c +2*a*b +4*d*e*f*f//d +1*e*f//d
  +20*e*f*f +9*e*f +1*g*e*f +10*h +9*h*i +1*i +1/4*f*j*i +1*f*k +1*f*a +2*f +1*l*m +1*a*l +2*l +2*n*a*a -2*a*a
  +1*o*p*q +49160*a*p +1*n*n*p +1*n*a*p +1*n*n*n*p +2*a*r*p +3*a*o*p +2*s*p -1*s*t +2*u*s*p*v -2*u*s*v*t +2*s*a*p*v
  -2*s*a*v*t +1*u*a*p +2*s*a*w*p +1*u*s*w*p +1*a +1*o +294126912
git GitForCausalLM a:hidden_size=768 b:max_position_embeddings=1024 c:vocab_size=30522 d:num_hidden_layers=6
  e:intermediate_size=3072 f:vision_config.hidden_size=768 g:vision_config.num_channels=3
  h:vision_config.patch_size=16 i:vision_config.image_size=224 j:vision_config.num_hidden_layers=12
  k:vision_config.intermediate_size=3072 l:tie_word_embeddings=0 !num_image_with_embedding=null
  !vision_config.model_type="git_vision_model" +5*a +1*a*b +2*a*c +9*a*d +4*a*a*d +1*e*d +2*a*e*d +6*f +1*f*g*h*h
  +1*f*i//h*i//h +9*f*j +1*k*j +2*f*k*j +4*f*f*j +1*a*f +1*c -1*a*l*c
glm_ocr GlmOcrForConditionalGeneration a:text_config.hidden_size=1024 b:text_config.vocab_size=59392
  c:tie_word_embeddings=0 d:text_config.num_hidden_layers=16 e:text_config.intermediate_size=4096
  f:text_config.num_attention_heads=16 g:text_config.num_key_value_heads=8 h:vision_config.depth=24
  i:vision_config.hidden_size=1024 j:vision_config.num_heads=16 k:vision_config.attention_bias=1
  l:vision_config.intermediate_size=4096 m:vision_config.out_hidden_size=1536 n:vision_config.spatial_merge_size=2
  o:vision_config.in_channels=3 p:vision_config.patch_size=14 q:vision_config.temporal_patch_size=2
  !text_config.model_type="glm_ocr_text" !vision_config.model_type="glm_ocr_vision" -1*a*b*c +2*a*b +4*a*d +3*a*e*d
  +2*a*a//f*d*g +2*a*a//f*f*d +1*a +2*h*i//j +5*k*h*i +4*h*i*i +3*h*i*l +2*k*h*l +2*h*i +3*m +1*i*m*n*n +3*o*m*m
  +1*m*m +2*i +1*i*o*p*p*q
glm_ocr GlmOcrModel a:text_config.hidden_size=1024 b:text_config.vocab_size=59392 c:text_config.num_hidden_layers=16
  d:text_config.intermediate_size=4096 e:text_config.num_attention_heads=16 f:text_config.num_key_value_heads=8
  g:vision_config.depth=24 h:vision_config.hidden_size=1024 i:vision_config.num_heads=16
  j:vision_config.attention_bias=1 k:vision_config.intermediate_size=4096 l:vision_config.out_hidden_size=1536
  m:vision_config.spatial_merge_size=2 n:vision_config.in_channels=3 o:vision_config.patch_size=14
  p:vision_config.temporal_patch_size=2 !text_config.model_type="glm_ocr_text"
  !vision_config.model_type="glm_ocr_vision" +1*a*b +4*a*c +3*a*d*c +2*a*a//e*c*f +2*a*a//e*e*c +1*a +2*g*h//i
  +5*j*g*h +4*g*h*h +3*g*h*k +2*j*g*k +2*g*h +3*l +1*h*l*m*m +3*n*l*l +1*l*l +2*h +1*h*n*o*o*p
gpt_neox_japanese GPTNeoXJapaneseForCausalLM a:hidden_size=2560 b:tie_word_embeddings=1 c:vocab_size=32000
  d:num_hidden_layers=32 e:intermediate_multiple_size=4 -1*a*b*c +2*a*c +3*a +4*a*a*d +4*a*d +2*a*a*e*d
gpt_neox_japanese GPTNeoXJapaneseModel a:hidden_size=2560 b:vocab_size=32000 c:num_hidden_layers=32
  d:intermediate_multiple_size=4 +1*a*b +3*a +4*a*a*c +4*a*c +2*a*a*d*c
granite_docling GraniteDoclingForConditionalGeneration a:text_config.vocab_size=133800 b:tie_word_embeddings=1
  c:text_config.num_hidden_layers=28 d:text_config.mlp_bias=0 e:text_config.intermediate_size=2048
  f:text_config.attention_bias=0 g:text_config.num_key_value_heads=4 h:vision_config.hidden_size=768
  i:vision_config.use_fine_route=1 j:vision_config.num_channels=3 k:vision_config.patch_size=16
  l:vision_config.image_size=512 m:vision_config.num_hidden_layers=12 n:vision_config.intermediate_size=3072
  !density_router_hidden_size=null !text_config.attention_multiplier=0.015625 !text_config.embedding_multiplier=12.0
  !text_config.hidden_size=1024 !text_config.model_type="granite_docling_text" !text_config.num_attention_heads=16
  !text_config.residual_multiplier=0.263 !vision_config.model_type="granite_docling_vision"
  !vision_config.out_hidden_size=1024 -1024*a*b +2048*a +2099200*c +1024*d*c +3072*e*c +2*e*d*c +128*f*c*g +131072*c*g
  +2048*f*c +4205568 +65637*h +16408*h*i +3151872*i +1*h*j*k*k +1*h*l//k*l//k +9*h*m +1*n*m +2*h*n*m +4*h*h*m
granite_docling GraniteDoclingModel a:text_config.vocab_size=133800 b:text_config.num_hidden_layers=28
  c:text_config.mlp_bias=0 d:text_config.intermediate_size=2048 e:text_config.attention_bias=0
  f:text_config.num_key_value_heads=4 g:vision_config.hidden_size=768 h:vision_config.use_fine_route=1
  i:vision_config.num_channels=3 j:vision_config.patch_size=16 k:vision_config.image_size=512
  l:vision_config.num_hidden_layers=12 m:vision_config.intermediate_size=3072 !density_router_hidden_size=null
  !text_config.attention_multiplier=0.015625 !text_config.embedding_multiplier=12.0 !text_config.hidden_size=1024
  !text_config.model_type="granite_docling_text" !text_config.num_attention_heads=16
  !text_config.residual_multiplier=0.263 !vision_config.model_type="granite_docling_vision"
  !vision_config.out_hidden_size=1024 +1024*a +2099200*b +1024*c*b +3072*d*b +2*d*c*b +128*e*b*f +131072*b*f +2048*e*b
  +4205568 +65637*g +16408*g*h +3151872*h +1*g*i*j*j +1*g*k//j*k//j +9*g*l +1*m*l +2*g*m*l +4*g*g*l
granite_speech GraniteSpeechForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=32000
  c:tie_word_embeddings=1 d:encoder_config.hidden_dim=1024 e:encoder_config.input_dim=160
  f:encoder_config.num_layers=10 g:encoder_config.dim_head=128 h:encoder_config.max_pos_emb=512
  i:encoder_config.num_heads=8 j:encoder_config.conv_kernel_size=15 k:encoder_config.feedforward_mult=4
  l:text_config.num_hidden_layers=32 m:text_config.mlp_bias=0 n:text_config.intermediate_size=11008
  o:text_config.attention_bias=0 p:text_config.num_attention_heads=32 q:text_config.num_key_value_heads=32
  r:projector_config.hidden_size=768 s:projector_config.num_hidden_layers=12
  t:projector_config.encoder_hidden_size=1408 u:projector_config.intermediate_size=3072
  v:projector_config.use_qformer_text_input=0 w:window_size=15 x:downsample_rate=5 g~+1*d//i q~+1*p
  !encoder_config.model_type="granite_speech_encoder" !projector_config.cross_attention_frequency=2
  !projector_config.model_type="blip_2_qformer" !text_config.attention_multiplier=1.0
  !text_config.embedding_multiplier=1.0 !text_config.model_type="granite" !text_config.residual_multiplier=1.0
  -1*a*b*c +2*a*b +86*d +1*d*e +22*d*f +2*g*h*f +1*g*f +4*g*d*i*f +2*j*d*f +6*d*d*f +4*k*d*d*f +2*k*d*f +42 +2*a*l
  +1*a*m*l +3*a*n*l +2*n*m*l +4*o*a*l -277*o*p*l +256*o*l*q +672*o*l +2*a*a//p*l*q +2*a*a//p*p*l +2*a +1*r*a +15*r*s
  +6*r*r*s -6*r*s//2 +2*t*r*s -2*t*r*s//2 -2*r*r*s//2 +1*u*s*v +2*r*u*s*v +1*u*s +2*r*u*s +3*r*s*v +2*r +1*r*w//x
grounding-dino GroundingDinoForObjectDetection a:d_model=256 b:decoder_layers=6 c:tie_word_embeddings=1
  d:backbone_config.embed_dim=96 e:backbone_config.num_channels=3 f:backbone_config.patch_size=4
  g:backbone_config.use_absolute_embeddings=0 h:backbone_config.depths.0=2 i:backbone_config.qkv_bias=1
  j:backbone_config.depths.1=2 k:backbone_config.depths.2=6 l:backbone_config.depths.3=2
  m:backbone_config.num_heads.0=3 n:backbone_config.window_size=7 o:backbone_config.num_heads.1=6
  p:backbone_config.num_heads.2=12 q:backbone_config.num_heads.3=24 r:backbone_config.mlp_ratio=4.0
  s:decoder_bbox_embed_share=1 t:decoder_attention_heads=8 u:decoder_n_points=4 v:num_feature_levels=4
  w:decoder_ffn_dim=2048 x:two_stage=1 y:encoder_ffn_dim=2048 z:encoder_layers=6 A:encoder_attention_heads=8
  B:encoder_n_points=4 C:num_queries=900 D:embedding_init_target=1 E:text_config.hidden_size=768
  F:text_config.max_position_embeddings=512 G:text_config.type_vocab_size=2 H:text_config.vocab_size=30522
  I:text_config.num_hidden_layers=12 J:text_config.intermediate_size=3072 !backbone_config.model_type="swin"
  !backbone_config.out_features=["stage2","stage3","stage4"] !backbone_config.out_indices=[2,3,4]
  !position_embedding_type="sine" !query_dim=4 !text_config.add_cross_attention=false !text_config.model_type="bert"
  +31*a*b -6*a*b*c +8*b -4*b*c +14*a*a*b -2*a*a*b*c +103*d +1*d*e*f*f -1200*d*f*g +7936*d*g +3*h*d*i +6*j*d*i
  +12*k*d*i +24*l*d*i +4*h*d*d +16*j*d*d +64*k*d*d +256*l*d*d +6*h*d +12*j*d +24*k*d +48*l*d -4*h*m*n +4*h*m*n*n
  +1*h*m -4*j*o*n +4*j*o*n*n +1*j*o -4*k*p*n +4*k*p*n*n +1*k*p -4*l*q*n +4*l*q*n*n +1*l*q +1*h*d*r +2*j*d*r +4*k*d*r
  +8*l*d*r +2*h*d*d*r +8*j*d*d*r +32*k*d*d*r +128*l*d*d*r +168*d*d +6*a*s*c -6*a*s*b*c +4*s*c -4*s*b*c +2*a*a*s*c
  -2*a*a*s*b*c +8*a +3*t*b*u*v +3*a*t*b*u*v +1*w*b +2*a*w*b +3*a*a +9*a*x +3*a*a*x +1*y*z +2*a*y*z +24*a*z +3*A*z*B*v
  +3*a*A*z*B*v +6*a*a*z +8*a*y//2*z +5*y//2*z +4*x +3*a*v*v//2 -4*a*v*v//3 +14*d*a +3540480*v//8 -144*d*a*v//3
  +216*d*a*v//4 -2*a*v//3 +3*a*v//4 +590080*v//5 +1*a*v -1*a*C*x +1*a*D*C*x +1*a*C -4*C*x +4*C +2*E +1*E*F +1*E*G
  +1*E*H +9*E*I +4*E*E*I +1*J*I +2*E*J*I +1*a*E
groupvit GroupViTModel a:text_config.hidden_size=256 b:text_config.max_position_embeddings=77
  c:text_config.vocab_size=49408 d:text_config.num_hidden_layers=12 e:text_config.intermediate_size=1024
  f:projection_intermediate_dim=4096 g:projection_dim=256 h:vision_config.hidden_size=384
  i:vision_config.num_channels=3 j:vision_config.patch_size=16 k:vision_config.image_size=224
  l:vision_config.intermediate_size=1536 m:vision_config.depths.0=6 n:vision_config.depths.1=3
  o:vision_config.depths.2=3 !text_config.model_type="groupvit_text_model" !vision_config.assign_mlp_ratio=[0.5,4]
  !vision_config.model_type="groupvit_vision_model" +81 +1*a*b +1*a*c +9*a*d +1*e*d +2*a*e*d +4*a*a*d +2*a +6*f +2*g
  +1*f*a +2*g*f +158*h +1*h*i*j*j +1*h*k//j*k//j +32*h*h +219*h//2 +2*l +4*h*l +9*m*h +3*n*o*h +1*m*l +1*n*l +1*o*l
  +2*m*h*l +2*n*h*l +2*o*h*l +4*m*h*h +4*n*h*h +4*o*h*h +1*f*h
hiera HieraBackbone a:embed_dim=96 b:num_channels=3 c:patch_size.0=7 d:patch_size.1=7 e:image_size.0=224
  f:patch_stride.0=4 g:image_size.1=224 h:patch_stride.1=4 i:depths.0=2 j:depths.1=3 k:depths.2=16 l:depths.3=3
  m:mlp_ratio=4.0 !decoder_depth=null !decoder_hidden_size=null !decoder_num_heads=null !embed_dim_multiplier=2.0
  !masked_unit_attention=[true,true,false,false] !num_query_pool=3 !out_features=["stage4"] !out_indices=[4] +193*a
  +1*a*b*c*d +1*a*e//f*g//h +9*i*a +18*j*a +28*k*a +56*l*a +4*i*a*a +16*j*a*a +16*k*a*a +64*l*a*a +1260*a*a +443136*k
  -12403200 +1771008*l +1*i*a*m +2*j*a*m +4*k*a*m +8*l*a*m +2*i*a*a*m +8*j*a*a*m +32*k*a*a*m +128*l*a*a*m
higgs_audio_v2 HiggsAudioV2ForConditionalGeneration a:codebook_size=1024 b:hidden_size=3072 c:num_codebooks=8
  d:vocab_size=128256 e:num_hidden_layers=28 f:mlp_bias=0 g:intermediate_size=8192 h:attention_bias=0 i:head_dim=128
  j:num_key_value_heads=8 k:num_attention_heads=24 +2*a*b*c +1*b*d +4*b*e +2*b*f*e +6*b*g*e +4*g*f*e +2*h*i*e*j
  +2*i*b*e*j +1*h*b*e +2*i*b*k*e +1*h*i*k*e +1*b
idefics IdeficsForVisionText2Text a:tie_word_embeddings=0 b:vocab_size=32000 c:num_hidden_layers=32 d:qk_layer_norms=0
  e:vision_config.embed_dim=768 f:intermediate_size=11008 g:use_resampler=0 h:vision_config.num_channels=3
  i:vision_config.patch_size=14 j:vision_config.image_size=224 k:vision_config.num_hidden_layers=32
  l:vision_config.intermediate_size=5120 !additional_vocab_size=0 !alpha_type="float" !cross_layer_interval=1
  !freeze_text_module_exceptions=[] !freeze_vision_module_exceptions=[] !hidden_size=4096
  !perceiver_config.model_type="idefics_perciever" !vision_config.model_type="idefics_vision" -4096*a*b +8192*b
  +100679682*c +256*c*d +8192*c*e +24576*f*c +4096 +36966*g*e +48*g*e*e +6*e +1*e*h*i*i +1*e*j//i*j//i +9*e*k +1*l*k
  +2*e*l*k +4*e*e*k
imagegpt ImageGPTForCausalImageModeling a:n_embd=512 b:tie_word_embeddings=0 c:vocab_size=513 d:n_layer=24
  e:add_cross_attention=0 f:n_positions=1024 !n_inner=null -1*a*b*c +1*a*b +2*a*c +11*a*d +12*a*a*d +5*e*a*d
  +4*e*a*a*d +1*a*f
instructblipvideo InstructBlipVideoForConditionalGeneration a:text_config.tie_word_embeddings=1
  b:text_config.vocab_size=50272 c:text_config.word_embed_proj_dim=768 d:text_config.hidden_size=768
  e:text_config.max_position_embeddings=2048 f:text_config.do_layer_norm_before=1
  g:text_config.layer_norm_elementwise_affine=1 h:text_config.enable_bias=1 i:text_config.ffn_dim=3072
  j:text_config.num_hidden_layers=12 k:qformer_config.hidden_size=768 l:qformer_config.max_position_embeddings=512
  m:qformer_config.vocab_size=30522 n:qformer_config.num_hidden_layers=12 o:qformer_config.encoder_hidden_size=1408
  p:qformer_config.intermediate_size=3072 q:vision_config.patch_size=14 r:vision_config.image_size=224
  s:vision_config.num_hidden_layers=39 t:vision_config.intermediate_size=6144 u:vision_config.qkv_bias=1
  v:vision_config.hidden_size=1408 o~+1*v c~+1*d !qformer_config.cross_attention_frequency=2
  !qformer_config.encoder_hidden_size=1408 !qformer_config.model_type="instructblipvideo_qformer"
  !text_config.model_type="opt" !use_decoder_only_language_model=true
  !vision_config.model_type="instructblipvideo_vision_model" -1*a*b*c +2*b*c +1*d*e +3*d +2*f*d*g +1*h*i*j +2*i*d*j
  +5*h*d*j +4*d*g*j +4*d*d*j -2*d*d//c*c*c//d +2*d*c +1*k*d +46*k +1*k*l +1*k*m +12*k*n +4*k*k*n +6*k*n//5*n//6
  +2*o*k*n//5*n//6 +4*o*k +2*k*k*n//5*n//6 +4*k*k +2*p*n +4*k*p*n +5*o +3*o*q*q +1*o*r//q*r//q +6*o*s +1*t*s +2*o*t*s
  +4*o*o*s +3*o*s*u
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
kosmos-2 Kosmos2ForConditionalGeneration a:text_config.embed_dim=2048 b:vision_config.hidden_size=1024
  c:latent_query_num=64 d:text_config.vocab_size=65037 e:text_config.add_cross_attention=0 f:text_config.layers=24
  g:text_config.ffn_dim=8192 h:vision_config.num_channels=3 i:vision_config.patch_size=14
  j:vision_config.image_size=224 k:vision_config.num_hidden_layers=24 l:vision_config.intermediate_size=4096
  !text_config.model_type="kosmos_2_text_model" !vision_config.model_type="kosmos_2_vision_model" +7*a +1*a*b +1*c*a
  +4*a*a +1*a*d +6*e*a*f +4*e*a*a*f +3*g*f +2*a*g*f +11*a*f +4*a*a*f +6*b +1*b*h*i*i +1*b*j//i*j//i +9*b*k +1*l*k
  +2*b*l*k +4*b*b*k
kosmos-2.5 Kosmos2_5ForConditionalGeneration a:text_config.embed_dim=1536 b:vision_config.hidden_size=1536
  c:latent_query_num=2048 d:text_config.tie_word_embeddings=1 e:text_config.vocab_size=108481
  f:text_config.ffn_dim=6144 g:text_config.layers=24 h:vision_config.max_num_patches=4096
  i:vision_config.patch_embed_hidden_size=768 j:vision_config.head_dim=64 k:vision_config.num_attention_heads=24
  l:vision_config.num_hidden_layers=18 m:vision_config.intermediate_size=3968
  !text_config.model_type="kosmos_2_5_text_model" !vision_config.model_type="kosmos_2_5_vision_model" +9*a +1*a*b
  +1*c*a +4*a*a -1*a*d*e +2*a*e +3*f*g +2*a*f*g +9*a*g +4*a*a*g +2*b*h +2*b +1*b*i +4*j*b*k*l +3*b*m*l +2*b*l
kyutai_speech_to_text KyutaiSpeechToTextForConditionalGeneration a:codec_config.audio_channels=1
  b:codec_config.kernel_size=7 c:codec_config.upsampling_ratios.3=4 d:codec_config.last_kernel_size=3
  e:codec_config.upsampling_ratios.0=8 f:codec_config.upsampling_ratios.1=6 g:codec_config.upsampling_ratios.2=5
  h:codec_config.residual_kernel_size=3 i:codec_config.use_conv_shortcut=0 j:codec_config.num_hidden_layers=8
  k:codec_config.intermediate_size=2048 l:codec_config.attention_bias=0 m:codec_config.head_dim=64
  n:codec_config.num_key_value_heads=8 o:codec_config.vector_quantization_hidden_dimension=256 p:hidden_size=2048
  q:tie_word_embeddings=0 r:vocab_size=4001 s:codebook_vocab_size=2049 t:num_codebooks=32 u:num_hidden_layers=48
  v:ffn_dim=11264 w:head_dim=64 x:num_key_value_heads=32 y:codec_config.num_attention_heads=8 m~-16*y;+192 w~
  !codec_config.compress=2 !codec_config.head_dim=64 !codec_config.hidden_size=512 !codec_config.model_type="mimi"
  !codec_config.num_filters=64 !codec_config.num_residual_layers=1 !codec_config.pad_mode="constant"
  !codec_config.upsample_groups=512 !frame_size=1920 +1406144 +1*a +524288*b +32768*c +64*a*d +2097152*e +524288*f
  +131072*g +348160*h +698240*i +1054720*j +2048*k*j +4*l*m*j*n +2048*m*j*n +2048*l*j +64*a*b +524288*d +2048*o
  -1*p*q*r +2*p*r +1*s*p*t +2*p +2*p*u +1*v*p*u +1*v//2*p*u +2*w*p*u*x +64*w*p*u
layoutlm LayoutLMForMaskedLM a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768
  d:max_2d_position_embeddings=1024 e:max_position_embeddings=512 f:type_vocab_size=2 g:num_hidden_layers=12
  h:intermediate_size=3072 +2*a -1*b*a -1*c*b*a +2*c*a +6*c +2*c*c +4*c*d +1*c*e +1*c*f +9*c*g +4*c*c*g +1*h*g
  +2*c*h*g
layoutlm LayoutLMModel a:hidden_size=768 b:max_2d_position_embeddings=1024 c:max_position_embeddings=512
  d:type_vocab_size=2 e:vocab_size=30522 f:num_hidden_layers=12 g:intermediate_size=3072 +3*a +4*a*b +1*a*c +1*a*d
  +1*a*e +9*a*f +4*a*a*f +1*g*f +2*a*g*f +1*a*a
levit LevitForImageClassification a:hidden_sizes.2=384 b:#labels=2 c:depths.0=4 d:num_attention_heads.0=4 e:depths.1=4
  f:num_attention_heads.1=8 g:depths.2=4 h:num_attention_heads.2=12 i:hidden_sizes.0=128 j:hidden_sizes.1=256
  k:attention_ratio.0=2 l:key_dim.0=16 m:attention_ratio.1=2 n:key_dim.1=16 o:attention_ratio.2=2 p:key_dim.2=16
  q:mlp_ratio.0=2 r:mlp_ratio.1=2 s:mlp_ratio.2=2 t:kernel_size=3 u:num_channels=3 b~
  !down_ops=[["Subsample",16,8,4,2,2],["Subsample",16,16,4,2,2],[""]] !image_size=224 !patch_size=16 +5394*a +1*b
  +1*b*a +196*c*d +49*e*f +16*g*h +2*c*i +2*e*j +2*g*a +2*k*c*i*l*d +2*m*e*j*n*f +2*o*g*a*p*h +4*c*l*d +2*k*c*l*d
  +4*e*n*f +2*m*e*n*f +4*g*p*h +2*o*g*p*h +2*c*i*l*d +2*e*j*n*f +2*g*a*p*h +970*i +263424*c -4728608 +8728*j +67072*e
  +592128*g +8*i*i*q -2562*c*j +256*c*c*j +12*j*j -2*c*j*j +8*j*j*r +65536*e*e -1024*e*a +4*a*a +8*a*a*s +8*i*q +8*j*r
  +8*a*s -196*l//2 -121*l -12*i*l -32*j*l -16*a*l +2*i//8 +1*i//8*t*t*u +2*i//4 +1*i//4*i//8*t*t +2*i//2
  +1*i//2*i//4*t*t +1*i*i//2*t*t
lighton_ocr LightOnOcrForConditionalGeneration !spatial_merge_size=2 !text_config.attention_bias=false
  !text_config.head_dim=128 !text_config.hidden_size=1024 !text_config.intermediate_size=3072
  !text_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !text_config.max_position_embeddings=40960 !text_config.max_window_layers=28 !text_config.model_type="qwen3"
  !text_config.num_attention_heads=16 !text_config.num_hidden_layers=28 !text_config.num_key_value_heads=8
  !text_config.sliding_window=null !text_config.tie_word_embeddings=false !text_config.use_sliding_window=false
  !text_config.vocab_size=151936 !tie_word_embeddings=true !vision_config.head_dim=64 !vision_config.hidden_size=1024
  !vision_config.image_size=1540 !vision_config.intermediate_size=4096 !vision_config.model_type="pixtral"
  !vision_config.num_attention_heads=16 !vision_config.num_channels=3 !vision_config.num_hidden_layers=24
  !vision_config.patch_size=14 +1005647872
lilt LiltForQuestionAnswering a:hidden_size=768 b:max_position_embeddings=512 c:type_vocab_size=2 d:vocab_size=30522
  e:channel_shrink_ratio=4 f:num_hidden_layers=12 g:intermediate_size=3072 h:max_2d_position_embeddings=1024
  i:#labels=2 i~ +2*a +1*a*b +1*a*c +1*a*d +9*a//e*f +4*a//e*a//e*f +9*a*f +4*a*a*f +1*g*f +2*a*g*f +1*g//e*f
  +2*a//e*g//e*f +3*a//e +1*a*a//e +1*a//e*b +4*a//6*h +1*i +1*i*a
luke LukeForMaskedLM a:entity_vocab_size=500000 b:entity_emb_size=256 c:tie_word_embeddings=1 d:hidden_size=768
  e:vocab_size=50267 f:max_position_embeddings=512 g:type_vocab_size=2 h:num_hidden_layers=12
  i:use_entity_aware_attention=1 j:intermediate_size=3072 +1*a -1*b*a*c +2*b*a +3*b +2*b*d +2*e -1*c*e +2*d*e +8*d
  +2*d*d +2*d*f +2*d*g +9*d*h +4*d*d*h +3*d*h*i +3*d*d*h*i +1*j*h +2*d*j*h
lxmert LxmertForPreTraining a:hidden_size=768 b:task_qa=1 c:num_qa_labels=9500 d:vocab_size=30522
  e:tie_word_embeddings=1 f:max_position_embeddings=512 g:type_vocab_size=2 h:l_layers=9 i:intermediate_size=3072
  j:r_layers=5 k:visual_pos_dim=4 l:visual_feat_dim=2048 m:x_layers=5 n:num_attr_labels=400 o:task_obj_predict=1
  p:num_object_labels=1600 !num_hidden_layers={"vision":5,"cross_encoder":5,"language":9} +6*a*b +1*c*b +2*a*a*b
  +2*a*c*b +1*d -1*a*e*d +2*a*d +14*a +2*a*a +2 +1*a*f +1*a*g +9*a*h +4*a*a*h +1*i*h +2*a*i*h +9*a*j +4*a*a*j +1*i*j
  +2*a*i*j +1*a*k +1*a*l +2*i*m +4*a*i*m +24*a*m +12*a*a*m +1*n*o +1*a*n*o +1*o*l +1*a*o*l +1*p*o +1*a*p*o +3*a*o
  +1*a*a*o
markuplm MarkupLMForQuestionAnswering a:hidden_size=768 b:max_position_embeddings=512 c:type_vocab_size=2
  d:vocab_size=30522 e:max_depth=50 f:max_xpath_subs_unit_embeddings=1024 g:xpath_unit_hidden_size=32
  h:max_xpath_tag_unit_embeddings=256 i:num_hidden_layers=12 j:intermediate_size=3072 k:#labels=2 k~ +8*a +1*a*b
  +1*a*c +1*a*d +4*a*a +1*e*f*g +1*e*h*g +5*a*e*g +9*a*i +4*a*a*i +1*j*i +2*a*j*i +1*k +1*k*a
mask2former Mask2FormerForUniversalSegmentation a:#labels=2 b:hidden_dim=256 c:backbone_config.embed_dim=96
  d:feature_size=256 e:encoder_feedforward_dim=1024 f:encoder_layers=6 g:num_attention_heads=8
  h:backbone_config.num_channels=3 i:backbone_config.patch_size=4 j:backbone_config.use_absolute_embeddings=0
  k:backbone_config.depths.0=2 l:backbone_config.qkv_bias=1 m:backbone_config.depths.1=2 n:backbone_config.depths.2=18
  o:backbone_config.depths.3=2 p:backbone_config.num_heads.0=3 q:backbone_config.window_size=7
  r:backbone_config.num_heads.1=6 s:backbone_config.num_heads.2=12 t:backbone_config.num_heads.3=24
  u:backbone_config.mlp_ratio=4.0 v:decoder_layers=10 w:dim_feedforward=2048 x:enforce_input_projection=0
  y:num_queries=100 a~ !backbone_config.model_type="swin"
  !backbone_config.out_features=["stage1","stage2","stage3","stage4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"] !common_stride=4 +1*a +513 +1*a*b +252*b
  +15*c*d +272*d +1*e*f +2*e*f*d +7*f*d +36*f*g +36*f*d*g +2*f*d*d +9*d*d +105*c +1*c*h*i*i -1200*c*i*j +7936*c*j
  +3*k*c*l +6*m*c*l +12*n*c*l +24*o*c*l +4*k*c*c +16*m*c*c +64*n*c*c +256*o*c*c +6*k*c +12*m*c +24*n*c +48*o*c
  -4*k*p*q +4*k*p*q*q +1*k*p -4*m*r*q +4*m*r*q*q +1*m*r -4*n*s*q +4*n*s*q*q +1*n*s -4*o*t*q +4*o*t*q*q +1*o*t +1*k*c*u
  +2*m*c*u +4*n*c*u +8*o*c*u +2*k*c*c*u +8*m*c*c*u +32*n*c*c*u +128*o*c*c*u +168*c*c +15*v*b +8*v*b*b -6*b*b +1*v*w
  -1*w +2*v*w*b -2*w*b -3*d//b*b*b//d +3*x*d//b*b*b//d -3*d*d//b*b*b//d +3*x*d*d//b*b*b//d +3*d*b +2*b*y
maskformer MaskFormerForInstanceSegmentation a:#labels=2 b:fpn_feature_size=256 c:backbone_config.num_channels=3
  d:backbone_config.use_absolute_embeddings=0 e:backbone_config.depths.0=2 f:backbone_config.depths.1=2
  g:backbone_config.depths.2=18 h:backbone_config.depths.3=2 i:backbone_config.qkv_bias=1
  j:backbone_config.window_size=12 k:backbone_config.mlp_ratio=4.0 l:decoder_config.decoder_layers=6
  m:decoder_config.decoder_ffn_dim=2048 n:decoder_config.num_queries=100 a~ !backbone_config.embed_dim=128
  !backbone_config.model_type="maskformer-swin" !backbone_config.num_heads=[4,8,16,32]
  !backbone_config.out_features=["stage1","stage2","stage3","stage4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.patch_size=4 !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !decoder_config.backbone_config.backbone="resnet50" !decoder_config.backbone_config.model_type="timm_backbone"
  !decoder_config.backbone_config.out_features=null !decoder_config.d_model=256 !decoder_config.model_type="detr"
  !decoder_config.position_embedding_type="sine" !num_attention_heads=8 !num_hidden_layers=6 +257*a +3226753 +27*b*b
  +12430*b +2048*c +1179776*d +66308*e +263688*f +1051664*g +4200480*h +384*e*i +768*f*i +1536*g*i +3072*h*i -16*e*j
  +16*e*j*j -32*f*j +32*f*j*j -64*g*j +64*g*j*j -128*h*j +128*h*j*j +32896*e*k +131328*f*k +524800*g*k +2098176*h*k
  +528128*l +513*m*l +256*n
mimi MimiModel a:audio_channels=1 b:kernel_size=7 c:upsampling_ratios.3=4 d:last_kernel_size=3 e:upsampling_ratios.0=8
  f:upsampling_ratios.1=6 g:upsampling_ratios.2=5 h:residual_kernel_size=3 i:use_conv_shortcut=0 j:num_hidden_layers=8
  k:intermediate_size=2048 l:attention_bias=0 m:head_dim=64 n:num_key_value_heads=8 o:upsample_groups=512
  p:vector_quantization_hidden_dimension=256 q:num_attention_heads=8 m~-16*q;+192 !compress=2 !head_dim=64
  !hidden_size=512 !num_filters=64 !num_residual_layers=1 !pad_mode="constant" +1404096 +1*a +524288*b +32768*c
  +64*a*d +2097152*e +524288*f +131072*g +348160*h +698240*i +1054720*j +2048*k*j +4*l*m*j*n +2048*m*j*n +2048*l*j
  +2048*o//2 -6144*o//6 +64*a*b +524288*d +2048*p
minicpmv4_6 MiniCPMV4_6ForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=248320
  c:tie_word_embeddings=0 d:text_config.num_hidden_layers=32 e:text_config.layer_types/linear_attention=24
  f:text_config.linear_num_value_heads=32 g:text_config.linear_conv_kernel_dim=4 h:text_config.linear_key_head_dim=128
  i:text_config.linear_num_key_heads=16 j:text_config.linear_value_head_dim=128 k:text_config.intermediate_size=12288
  l:text_config.head_dim=256 m:text_config.layer_types/full_attention=8 n:text_config.attention_bias=0
  o:text_config.num_key_value_heads=4 p:text_config.num_attention_heads=16 q:merger_times=1
  r:vision_config.hidden_size=768 s:patch_size=16 t:vision_config.num_channels=3 u:vision_config.image_size=224
  v:vision_config.num_hidden_layers=12 w:vision_config.intermediate_size=3072 x:vision_config.window_kernel_size.0=2
  y:vision_config.window_kernel_size.1=2 z:vision_config.patch_size=16 s~+1*z m~+1/3*e e~+3*m !downsample_mode="16x"
  !patch_size=16 !text_config.model_type="qwen3_5_text" !vision_config.model_type="minicpmv4_6_vision" -1*a*b*c +2*a*b
  +2*a*d +2*e*f +2*e*g*h*i +1*e*g*f*j +2*a*e*f +2*a*e*h*i +3*a*e*f*j +1*e*j +3*a*k*d +2*l*m +2*n*l*m*o +2*l*a*m*o
  +1*n*a*m +3*l*a*m*p +2*n*l*m*p +2*a -33268*q*r +16*q*r*r -8320*q +1664*q*q +6656 -10226944*q*q//2 +33040896*q//2
  +12587008*q//3 +4*a*r +6656*q*q*r +26634*r +1*s*s*r*t +1*r*u//s*u//s +9*r*v +1*w*v +2*r*w*v +4*r*r*v +1*w*x*y
  +1*r*w*x*x*y*y +1*r*w*x*y +2*r*x*y +4*r*r
minimax_m3_vl MiniMaxM3SparseForConditionalGeneration a:text_config.hidden_size=6144 b:text_config.vocab_size=200064
  c:tie_word_embeddings=0 d:text_config.layer_types/full_attention=60 e:text_config.intermediate_size=3072
  f:text_config.num_local_experts=128 g:text_config.shared_intermediate_size=3072 h:text_config.head_dim=128
  i:text_config.num_key_value_heads=4 j:text_config.num_attention_heads=64 k:projector_hidden_size=6144
  l:vision_config.hidden_size=1280 m:merged_hidden_size=24576 n:vision_config.num_channels=3
  o:vision_config.patch_size=14 p:vision_config.temporal_patch_size=2 q:vision_config.num_hidden_layers=32
  r:vision_config.intermediate_size=5120 s:vision_config.spatial_merge_size=2 t:text_config.mlp_layer_types/sparse=60
  u:text_config.tie_word_embeddings=0 m~+1*a*s*s d~+1*t t~+1*d c~+1*u !merged_hidden_size=24576
  !text_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !text_config.mlp_layer_types=["sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse","sparse"]
  !text_config.model_type="minimax_m3_vl_text" !vision_config.model_type="minimax_m3_vl_vision" -1*a*b*c +2*a*b +2*a*d
  +3*a*e*d*f +1*a*d*f +3*a*d*g +2*h*d +2*h*a*d*i +2*h*a*d*j +3*a +2*k +1*k*l +2*k*a +1*m*k +1*l*n*o*o*p +9*l*q +1*r*q
  +2*l*r*q +4*l*l*q +2*l
mm-grounding-dino MMGroundingDinoForObjectDetection !backbone_config.depths=[2,2,6,2] !backbone_config.embed_dim=96
  !backbone_config.encoder_stride=32 !backbone_config.hidden_size=768 !backbone_config.image_size=224
  !backbone_config.mlp_ratio=4.0 !backbone_config.model_type="swin" !backbone_config.num_channels=3
  !backbone_config.num_heads=[3,6,12,24] !backbone_config.num_layers=4
  !backbone_config.out_features=["stage2","stage3","stage4"] !backbone_config.out_indices=[2,3,4]
  !backbone_config.patch_size=4 !backbone_config.qkv_bias=true
  !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !backbone_config.use_absolute_embeddings=false !backbone_config.window_size=7 !d_model=256
  !decoder_attention_heads=8 !decoder_bbox_embed_share=true !decoder_cls_embed_share=true !decoder_ffn_dim=2048
  !decoder_layers=6 !decoder_n_points=4 !disable_custom_kernels=false !embedding_init_target=true
  !encoder_attention_heads=8 !encoder_ffn_dim=2048 !encoder_layers=6 !encoder_n_points=4 !max_text_len=256
  !num_feature_levels=4 !num_queries=900 !position_embedding_type="sine" !query_dim=4
  !text_config.add_cross_attention=false !text_config.hidden_size=768 !text_config.intermediate_size=3072
  !text_config.max_position_embeddings=512 !text_config.model_type="bert" !text_config.num_attention_heads=12
  !text_config.num_hidden_layers=12 !text_config.tie_word_embeddings=true !text_config.type_vocab_size=2
  !text_config.vocab_size=30522 !tie_word_embeddings=true !two_stage=true +172250628
mobilenet_v1 MobileNetV1ForImageClassification a:#labels=2 b:num_channels=3 a~ !depth_multiplier=1.0 +1025*a +288*b
  +3206112
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
mobilevit MobileViTForImageClassification a:#labels=2 b:neck_hidden_sizes.6=640 c:neck_hidden_sizes.5=160
  d:neck_hidden_sizes.0=16 e:num_channels=3 f:expand_ratio=4.0 g:neck_hidden_sizes.1=32 h:neck_hidden_sizes.2=64
  i:hidden_sizes.0=144 j:neck_hidden_sizes.3=96 k:hidden_sizes.1=192 l:neck_hidden_sizes.4=128 m:hidden_sizes.2=240
  n:conv_kernel_size=3 o:qkv_bias=1 p:mlp_ratio=2.0 a~ +1*a +1*a*b +1*c*b +2*b +9*d*e +2*d +13*f*d +13*f*g +39*f*h
  +1*f*d*d +1*f*g*g +5*f*h*h +1*f*d*g +1*f*g*h +2*g +6*h +2*i*j +2*k*l +2*m*c +3*n*n*j*j +3*n*n*l*l +3*n*n*c*c +8*j
  +8*l +8*c +13*f*j +13*f*l +1*f*j*j +1*f*l*l +1*f*h*j +1*f*j*l +1*f*l*c +14*i +26*k +20*m +6*i*o +12*k*o +9*m*o
  +8*i*i +16*k*k +12*m*m +2*i*p +4*k*p +3*m*p +4*i*i*p +8*k*k*p +6*m*m*p
mobilevitv2 MobileViTV2ForImageClassification a:#labels=2 b:num_channels=3 c:expand_ratio=2.0
  d:base_attn_unit_dims.0=128 e:base_attn_unit_dims.1=192 f:base_attn_unit_dims.2=256 g:conv_kernel_size=3
  h:n_attn_blocks.0=2 i:n_attn_blocks.1=4 j:n_attn_blocks.2=3 k:ffn_multiplier=2 a~ !width_multiplier=1.0 +513*a
  +288*b +7616 +618080*c +514*d +770*e +1026*f +1152*g*g +9*d*h +9*e*i +9*f*j +3*d*d*h +3*e*e*i +3*f*f*j +1*h +1*i
  +1*j +1*d*k*h +1*e*k*i +1*f*k*j +2*d*d*k*h +2*e*e*k*i +2*f*f*k*j
mra MraForMaskedLM a:vocab_size=50265 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=512
  e:type_vocab_size=1 f:num_hidden_layers=12 g:intermediate_size=3072 !approx_mode="full"
  !initial_prior_diagonal_n_blocks=0 !initial_prior_first_n_blocks=0 +2*a -1*b*a -1*c*b*a +2*c*a +7*c +1*c*c +1*c*d
  +1*c*e +9*c*f +4*c*c*f +1*g*f +2*c*g*f
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
musicgen_melody MusicgenMelodyForConditionalGeneration a:num_chroma=12 b:audio_encoder.audio_channels=1
  c:audio_encoder.hidden_size=128 d:audio_encoder.kernel_size=7 e:audio_encoder.upsampling_ratios.3=2
  f:audio_encoder.last_kernel_size=7 g:audio_encoder.upsampling_ratios.0=8 h:audio_encoder.upsampling_ratios.1=5
  i:audio_encoder.upsampling_ratios.2=4 j:audio_encoder.num_lstm_layers=2 k:audio_encoder.residual_kernel_size=3
  l:audio_encoder.use_conv_shortcut=1 m:decoder.num_codebooks=4 n:decoder.vocab_size=2048 o:decoder.ffn_dim=4096
  p:decoder.num_hidden_layers=24 q:text_encoder.d_model=512 r:text_encoder.d_kv=64 s:text_encoder.num_heads=8
  t:text_encoder.num_layers=6 u:text_encoder.relative_attention_num_buckets=32 v:text_encoder.d_ff=2048
  w:text_encoder.vocab_size=32128 !audio_encoder.chunk_length_s=null !audio_encoder.compress=2
  !audio_encoder.model_type="encodec" !audio_encoder.norm_type="weight_norm" !audio_encoder.num_filters=32
  !audio_encoder.num_residual_layers=1 !audio_encoder.overlap=null !audio_encoder.pad_mode="reflect"
  !audio_encoder.target_bandwidths=[1.5,3.0,6.0,12.0,24.0] !decoder.hidden_size=1024
  !decoder.model_type="musicgen_melody_decoder" !text_encoder.feed_forward_proj="relu" !text_encoder.model_type="t5"
  !text_encoder.tie_word_embeddings=true +98464 +1024*a +2*b +512*c*d +8192*e +32*b*f +524288*g +131072*h +32768*i
  +4202496*j +87040*k +176000*l +2*c +32*b*d +512*c*f +2048*m*n +1024*m +2048*o*p +4198400*p +1025*q +4*r*q*s*t +1*s*u
  +2*q*t +2*v*q*t +1*q*w
nystromformer NystromformerForMaskedLM a:vocab_size=30000 b:tie_word_embeddings=1 c:hidden_size=768
  d:max_position_embeddings=510 e:type_vocab_size=2 f:num_hidden_layers=12 g:conv_kernel_size=65
  h:num_attention_heads=12 i:intermediate_size=3072 !inv_coeff_init_option=false +2*a -1*b*a -1*c*b*a +2*c*a +7*c
  +1*c*c +1*c*d +1*c*e +9*c*f +4*c*c*f +1*g*h*f +1*i*f +2*c*i*f
oneformer OneFormerForUniversalSegmentation a:backbone_config.embed_dim=96 b:conv_dim=256
  c:encoder_feedforward_dim=1024 d:encoder_layers=6 e:num_attention_heads=8 f:mask_dim=256
  g:backbone_config.num_channels=3 h:backbone_config.use_absolute_embeddings=0 i:backbone_config.depths.0=2
  j:backbone_config.qkv_bias=1 k:backbone_config.depths.1=2 l:backbone_config.depths.2=6 m:backbone_config.depths.3=2
  n:backbone_config.num_heads.0=3 o:backbone_config.window_size=7 p:backbone_config.num_heads.1=6
  q:backbone_config.num_heads.2=12 r:backbone_config.num_heads.3=24 s:backbone_config.mlp_ratio=4.0 t:hidden_dim=256
  u:task_seq_len=77 v:is_training=0 w:#labels=2 x:decoder_layers=10 y:dim_feedforward=2048 z:query_dec_layers=2
  A:num_queries=150 w~ !backbone_config.model_type="swin"
  !backbone_config.out_features=["stage1","stage2","stage3","stage4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.patch_size=4 !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !common_stride=4 !norm="GN" +2 +15*a*b +16*b +1*c*d +2*b*c*d +7*b*d +36*d*e +36*b*d*e +2*b*b*d +9*b*b +2*f +1*b*f
  +105*a +16*a*g +3136*a*h +3*i*a*j +6*k*a*j +12*l*a*j +24*m*a*j +4*i*a*a +16*k*a*a +64*l*a*a +256*m*a*a +6*i*a
  +12*k*a +24*l*a +48*m*a -4*i*n*o +4*i*n*o*o +1*i*n -4*k*p*o +4*k*p*o*o +1*k*p -4*l*q*o +4*l*q*o*o +1*l*q -4*m*r*o
  +4*m*r*o*o +1*m*r +1*i*a*s +2*k*a*s +4*l*a*s +8*m*a*s +2*i*a*a*s +8*k*a*a*s +32*l*a*a*s +128*m*a*a*s +168*a*a -2*t
  +1*t*u -5*t*t +17411328*v +258*t*v +1*t*t*v +1*w +1*w*t +15*x*t +8*x*t*t +1*x*y -1*y +2*x*y*t -2*y*t +1*t*f +1*b*t
  +1*y*z +2*y*t*z +15*t*z +8*t*t*z +1*t*A
openai-gpt OpenAIGPTLMHeadModel a:n_embd=768 b:tie_word_embeddings=1 c:vocab_size=40478 d:n_layer=12 e:n_positions=512
  !afn="gelu" !summary_type="cls_index" -1*a*b*c +2*a*c +13*a*d +12*a*a*d +1*a*e
openai-gpt OpenAIGPTForSequenceClassification a:#labels=2 b:n_embd=768 c:n_layer=12 d:n_positions=512
  e:vocab_size=40478 a~ !afn="gelu" !summary_type="cls_index" +1*a*b +13*b*c +12*b*b*c +1*b*d +1*b*e
paddleocr_vl PaddleOCRVLForConditionalGeneration a:text_config.hidden_size=1024 b:text_config.vocab_size=103424
  c:text_config.num_hidden_layers=18 d:text_config.use_bias=0 e:text_config.intermediate_size=3072
  f:text_config.head_dim=128 g:text_config.num_key_value_heads=2 h:text_config.num_attention_heads=16
  i:vision_config.hidden_size=1152 j:vision_config.spatial_merge_size=2 k:vision_config.num_channels=3
  l:vision_config.patch_size=14 m:vision_config.image_size=384 n:vision_config.num_hidden_layers=27
  o:vision_config.intermediate_size=4304 !text_config.model_type="paddleocr_vl_text" !tie_word_embeddings=true
  !vision_config.model_type="paddleocr_vl_vision" +1*a*b +2*a*c +2*a*c*d +3*a*e*c +2*e*c*d +2*f*c*g*d +2*f*a*c*g
  +2*f*a*h*c +1*f*h*c*d +2*a +1*i*j*j +1*i*i*j*j*j*j +1*a*i*j*j +5*i +1*i*k*l*l +1*i*m//l*m//l +9*i*n +1*o*n +2*i*o*n
  +4*i*i*n
parakeet_rnnt ParakeetForRNNT a:decoder_hidden_size=640 b:vocab_size=8193 c:num_decoder_layers=2
  d:encoder_config.convolution_bias=1 e:encoder_config.hidden_size=1024 f:encoder_config.num_hidden_layers=24
  g:encoder_config.conv_kernel_size=9 h:encoder_config.attention_bias=1 i:encoder_config.intermediate_size=4096
  j:encoder_config.num_attention_heads=8 k:encoder_config.num_key_value_heads=8
  l:encoder_config.subsampling_conv_kernel_size=3 m:encoder_config.num_mel_bins=80 k~+1*j
  !encoder_config.model_type="parakeet_encoder" !encoder_config.subsampling_conv_channels=256
  !encoder_config.subsampling_conv_stride=2 +10*a +9*a*a +2*a*b +8*a*c//2 +8*a*c//3 +8*a*a*c//2 +8*a*a*c//3 +4*d*e*f
  +1*g*e*f +12*e*f +3*e*e*f +2*h*i*f +4*e*i*f +3*h*e*f +2*e//j*j*f +2*h*e//j*f*k +2*e*e//j*f*k +3*e*e//j*j*f
  +1*h*e//j*j*f +132352 +768*l*l +1*e +32*e*m +1*a*e +1*b
parakeet_tdt ParakeetForTDT a:decoder_hidden_size=640 b:vocab_size=8193 c:num_decoder_layers=2
  d:encoder_config.convolution_bias=1 e:encoder_config.hidden_size=1024 f:encoder_config.num_hidden_layers=24
  g:encoder_config.conv_kernel_size=9 h:encoder_config.attention_bias=1 i:encoder_config.intermediate_size=4096
  j:encoder_config.num_attention_heads=8 k:encoder_config.num_key_value_heads=8
  l:encoder_config.subsampling_conv_kernel_size=3 m:encoder_config.num_mel_bins=80 k~+1*j
  !encoder_config.model_type="parakeet_encoder" !encoder_config.subsampling_conv_channels=256
  !encoder_config.subsampling_conv_stride=2 +23*a +17*a*a +2*a*b +8*a*c//3 +16*a*c//4 +8*a*a*c//3 +16*a*a*c//4
  +4*d*e*f +1*g*e*f +12*e*f +3*e*e*f +2*h*i*f +4*e*i*f +3*h*e*f +2*e//j*j*f +2*h*e//j*f*k +2*e*e//j*f*k +3*e*e//j*j*f
  +1*h*e//j*j*f +132357 +768*l*l +1*e +256*e*m//8 +1*a*e +1*b
pix2struct Pix2StructForConditionalGeneration a:text_config.hidden_size=768 b:text_config.vocab_size=50244
  c:text_config.num_layers=12 d:text_config.d_ff=2048 e:text_config.num_heads=12
  f:text_config.relative_attention_num_buckets=32 g:tie_word_embeddings=0 h:vision_config.hidden_size=768
  i:vision_config.seq_len=4096 j:vision_config.patch_embed_hidden_size=768 k:vision_config.d_kv=64
  l:vision_config.num_attention_heads=12 m:vision_config.num_hidden_layers=12 n:vision_config.d_ff=2048
  !text_config.model_type="pix2struct_text_model" !vision_config.model_type="pix2struct_vision_model" +2*a*b +1*a
  +8*a*a*c +3*a*c +3*d*a*c +1*e*f -1*a*b*g +2*h*i +2*h +1*h*j +4*k*h*l*m +3*n*h*m +2*h*m
poolformer PoolFormerForImageClassification a:#labels=2 b:hidden_sizes.3=512 c:depths.0=2 d:hidden_sizes.0=64
  e:depths.1=2 f:hidden_sizes.1=128 g:depths.2=6 h:hidden_sizes.2=320 i:num_encoder_blocks=4 j:depths.3=2
  k:mlp_ratio=4.0 l:num_channels=3 m:patch_sizes.0=7 n:patch_sizes.1=3 o:patch_sizes.2=3 p:patch_sizes.3=3 a~ +1*a
  +1*a*b -26*b +7*c*d +7*e*f +7*g*h +21*h*i -84*h +7*j*b +7*b*i +1*c*d*k +1*e*f*k +1*g*h*k +3*h*k*i -12*h*k +1*j*b*k
  +1*b*k*i -4*b*k +2*c*d*d*k +2*e*f*f*k +2*g*h*h*k +6*h*h*k*i -24*h*h*k +2*j*b*b*k +2*b*b*k*i -8*b*b*k +1*d +1*f
  +1*h*i//3 +1*b*i//3 +1*d*l*m*m +1*d*f*n*n +1*f*h*i//3*o*o +1*h*b*i//3*p*p
prompt_depth_anything PromptDepthAnythingForDepthEstimation a:backbone_config.hidden_size=384
  b:backbone_config.num_channels=3 c:backbone_config.patch_size=14 d:backbone_config.image_size=518
  e:backbone_config.num_attention_heads=6 f:backbone_config.num_hidden_layers=12 g:backbone_config.qkv_bias=1
  h:backbone_config.use_swiglu_ffn=0 i:fusion_hidden_size=64 j:head_hidden_size=32 k:neck_hidden_sizes.0=48
  l:neck_hidden_sizes.1=96 m:neck_hidden_sizes.2=192 n:neck_hidden_sizes.3=384 o:reassemble_hidden_size=384
  !backbone_config.mlp_ratio=4 !backbone_config.model_type="dinov2"
  !backbone_config.out_features=["stage9","stage10","stage11","stage12"] !backbone_config.out_indices=[9,10,11,12]
  !depth_estimation_type="relative" !head_in_index=-1 +6*a +1*a*b*c*c +1*a*d//c*d//c +3*a//e*e*f*g +4*a*a//e*e*f
  +12*a*f +4*a*f*h +4*a*a*f*h -12*a*a//3*f*h +8*a*a*f -8*a//3*f*h +1*i//2 +9*i*i//2 +2*j +9*i//2*j +1 +9*i*k +9*i*l
  +9*i*m +9*i*n +68*i +220*i*i +2*k +2*l +1*m +2*n +1*k*o +1*l*o +1*m*o +1*n*o +16*k*k +4*l*l +9*n*n
pvt_v2 PvtV2ForImageClassification a:#labels=2 b:hidden_sizes.3=256 c:hidden_sizes.0=32 d:qkv_bias=1
  e:hidden_sizes.1=64 f:num_encoder_blocks=4 g:linear_attention=0 h:sr_ratios.3=1 i:sr_ratios.0=8 j:sr_ratios.1=4
  k:sr_ratios.2=2 l:mlp_ratios.0=8 m:mlp_ratios.1=8 n:mlp_ratios.2=4 o:mlp_ratios.3=4 p:num_channels=3
  q:patch_sizes.0=7 r:patch_sizes.1=3 s:patch_sizes.2=3 t:patch_sizes.3=3 a~ #hidden_sizes=4 !depths=[2,2,2,2]
  !out_features=["stage4"] !out_indices=[3] +1*a +1*a*b +6*c*d -10*e*d +12*e*f*d -2*e*f*f*d +320*d -480*f*d +160*f*f*d
  +2*b*d -3*b*f*d +1*b*f*f*d +8*c*c +8*e*e*f//2 -8*e*e*f//3 +205600*f//3 +8*b*b*f//3 +23*c +36*e*f -6*e*f*f -30*e
  -1440*f +480*f*f +960 +12*b*g +6*b*h -6*b*g*h -2*b -6*b*f +2*b*f*f +98*c*c*g*g -28*c*c*g*i +2*c*c*i*i
  +18*e*e*g*g*f//2 -12*e*e*g*f//2*j +2*e*e*f//2*j*j -18*e*e*g*g*f//3 +12*e*e*g*f//3*j -2*e*e*f//3*j*j +51200*g*g*f//3
  -102400*g*f//3*k +51200*f//3*k*k +4*b*b*g*g*g -18*b*b*g*g +24*b*b*g +10*b*b*g*g*h -16*b*b*g*h +8*b*b*h
  -2*b*b*g*g*g*h -8*b*b +22*c*l +22*e*m*f//2 -22*e*m*f//3 +105920*n*f//3 +22*b*o*f//3 +4*c*c*l +4*e*e*m*f//2
  -4*e*e*m*f//3 +4*b*b*o*f//3 +5*e*f//2 -5*e*f//3 +5*b*f//3 +1*c*p*q*q +1*c*e*f//2*r*r -1*c*e*f//3*r*r +160*e*f//3*s*s
  +160*b*f//3*t*t
pvt_v2 PvtV2Backbone a:depths.0=2 b:hidden_sizes.0=32 c:qkv_bias=1 d:depths.1=2 e:hidden_sizes.1=64
  f:num_encoder_blocks=4 g:depths.2=2 h:hidden_sizes.3=256 i:depths.3=2 j:linear_attention=0 k:sr_ratios.3=1
  l:sr_ratios.0=8 m:sr_ratios.1=4 n:sr_ratios.2=2 o:mlp_ratios.0=8 p:mlp_ratios.1=8 q:mlp_ratios.2=4 r:mlp_ratios.3=4
  s:num_channels=3 t:patch_sizes.0=7 u:patch_sizes.1=3 v:patch_sizes.2=3 w:patch_sizes.3=3 #hidden_sizes=4
  !out_features=["stage4"] !out_indices=[3] +3*a*b*c +3*d*e*c +1920*f +480*g*c -9216 +3*h*f +3*i*h*c -12*h +4*a*b*b
  +4*d*e*e -100960*g +51200*g*f -4*i*h*h +2*i*h*h*f +9*a*b +9*d*e +1536*j +1536*k -6*i*h +3*i*h*f +49*a*b*b*j*j
  -14*a*b*b*j*l +1*a*b*b*l*l +9*d*e*e*j*j -6*d*e*e*j*m +1*d*e*e*m*m +25600*g*j*j -51200*g*j*n +25600*g*n*n
  +25600*j*j*f -51200*j*f*n +25600*f*n*n -102400*j*j +204800*j*n -102400*n*n +131072*j*k*k +131072*k*k*k -131072*k*k
  +11*a*b*o +11*d*e*p +52320*g*q +160*g*q*f +7*i*h*r +1*i*h*r*f +2*a*b*b*o +2*d*e*e*p +52640*q*f -210560*q +2*i*h*h*r
  +2*h*h*r*f -8*h*h*r +9*h*r*f -36*h*r +5*b +5*e +800*f//3 +5*h*f//3 +1*b*s*t*t +1*b*e*u*u +160*e*f//3*v*v
  +160*h*f//3*w*w
qianfan_ocr QianfanOCRForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=151936
  c:tie_word_embeddings=0 d:text_config.layer_types/full_attention=32 e:text_config.intermediate_size=22016
  f:text_config.head_dim=128 g:text_config.attention_bias=0 h:text_config.num_key_value_heads=32
  i:text_config.num_attention_heads=32 j:vision_config.hidden_size=1024 k:downsample_ratio=0.5
  l:vision_config.num_channels=3 m:vision_config.patch_size.0=14 n:vision_config.patch_size.1=14
  o:vision_config.use_absolute_position_embeddings=1 p:vision_config.use_mean_pooling=1
  q:vision_config.num_hidden_layers=24 r:vision_config.use_qk_norm=0 s:vision_config.attention_bias=1
  t:vision_config.intermediate_size=4096 u:text_config.num_hidden_layers=32 d~+1*u
  !text_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !text_config.model_type="qwen3" !text_config.sliding_window=null !vision_config.model_type="qianfan_ocr_vision"
  !vision_config.norm_type="layer_norm" !vision_feature_layer=-1 !vision_feature_select_strategy="default" -1*a*b*c
  +2*a*b +2*a*d +3*a*e*d +2*f*d +2*g*f*d*h +2*f*a*d*h +1*g*a*d +2*f*a*d*i +1*g*f*d*i +3*a +18*j -12*k*j +7*a*j
  -6*k*a*j +1*a*a +1*j*l*m*n -64*j*m*o -64*j*n*o +2817*j*o -2*j*p +2*j*q*r +3*s*j*q +4*j*j*q +8*j*q +1*t*q +2*j*t*q
qwen2_5_omni Qwen2_5OmniForConditionalGeneration a:enable_audio_output=1 b:talker_config.hidden_size=3584
  c:talker_config.vocab_size=8448 d:talker_config.embedding_size=3584 e:talker_config.layer_types/full_attention=28
  f:talker_config.intermediate_size=18944 g:talker_config.head_dim=128 h:talker_config.num_key_value_heads=4
  i:talker_config.num_attention_heads=28 j:thinker_config.text_config.vocab_size=152064
  k:thinker_config.tie_word_embeddings=0 l:thinker_config.audio_config.d_model=1280
  m:thinker_config.audio_config.num_mel_bins=128 n:thinker_config.audio_config.encoder_ffn_dim=5120
  o:thinker_config.audio_config.encoder_layers=32 p:thinker_config.text_config.layer_types/full_attention=28
  q:thinker_config.text_config.intermediate_size=18944 r:thinker_config.vision_config.depth=32
  s:thinker_config.vision_config.hidden_size=3584 t:thinker_config.vision_config.intermediate_size=3420
  u:thinker_config.vision_config.spatial_merge_size=2 v:thinker_config.vision_config.out_hidden_size=3584
  w:thinker_config.vision_config.in_channels=3 x:thinker_config.vision_config.patch_size=14
  y:thinker_config.vision_config.temporal_patch_size=2 z:token2wav_config.bigvgan_config.mel_dim=80
  A:token2wav_config.bigvgan_config.resblock_kernel_sizes.0=3
  B:token2wav_config.bigvgan_config.resblock_kernel_sizes.1=7
  C:token2wav_config.bigvgan_config.resblock_kernel_sizes.2=11
  D:token2wav_config.bigvgan_config.upsample_kernel_sizes.0=11
  E:token2wav_config.bigvgan_config.upsample_kernel_sizes.1=7
  F:token2wav_config.bigvgan_config.upsample_kernel_sizes.2=4
  G:token2wav_config.bigvgan_config.upsample_kernel_sizes.3=4
  H:token2wav_config.bigvgan_config.upsample_kernel_sizes.4=4
  I:token2wav_config.bigvgan_config.upsample_kernel_sizes.5=4 J:token2wav_config.dit_config.hidden_size=1024
  K:token2wav_config.dit_config.emb_dim=512 L:token2wav_config.dit_config.enc_dim=128
  M:token2wav_config.dit_config.mel_dim=80 N:token2wav_config.dit_config.enc_channels.4=768
  O:token2wav_config.dit_config.enc_attention_channels=64 P:token2wav_config.dit_config.enc_channels.0=256
  Q:token2wav_config.dit_config.enc_kernel_sizes.0=5 R:token2wav_config.dit_config.enc_channels.1=256
  S:token2wav_config.dit_config.enc_channels.2=256 T:token2wav_config.dit_config.enc_channels.3=256
  U:token2wav_config.dit_config.enc_kernel_sizes.1=3 V:token2wav_config.dit_config.enc_kernel_sizes.2=3
  W:token2wav_config.dit_config.enc_kernel_sizes.3=3 X:token2wav_config.dit_config.enc_se_channels=64
  Y:token2wav_config.dit_config.enc_kernel_sizes.4=1 Z:token2wav_config.dit_config.num_embeds=8193
  aa:token2wav_config.dit_config.head_dim=64 ab:token2wav_config.dit_config.num_attention_heads=16
  ac:token2wav_config.dit_config.num_hidden_layers=22 ad:token2wav_config.dit_config.ff_mult=2
  ae:talker_config.num_hidden_layers=28 af:thinker_config.text_config.num_hidden_layers=28 e~+1*ae p~+1*af
  !talker_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !talker_config.model_type="qwen2_5_omni_talker" !talker_config.sliding_window=null
  !thinker_config.audio_config.model_type="qwen2_5_omni_audio_encoder"
  !thinker_config.model_type="qwen2_5_omni_thinker" !thinker_config.text_config.hidden_size=3584
  !thinker_config.text_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !thinker_config.text_config.model_type="qwen2_5_omni_text" !thinker_config.text_config.num_attention_heads=28
  !thinker_config.text_config.num_key_value_heads=4 !thinker_config.text_config.sliding_window=null
  !thinker_config.vision_config.model_type="qwen2_5_omni_vision_encoder"
  !token2wav_config.bigvgan_config.model_type="qwen2_5_omni_bigvgan"
  !token2wav_config.bigvgan_config.resblock_dilation_sizes=[[1,3,5],[1,3,5],[1,3,5]]
  !token2wav_config.bigvgan_config.upsample_initial_channel=1536 !token2wav_config.dit_config.enc_emb_dim=192
  !token2wav_config.dit_config.model_type="qwen2_5_omni_dit" !token2wav_config.model_type="qwen2_5_omni_token2wav"
  +1*a*b*c +1*a*d*c +2*a*b*e +3*a*b*f*e +2*a*g*e*h +2*a*g*b*e*h +2*a*g*b*e*i +1*a*g*e*i +2*a*b +1*a*d*b -3584*j*k
  +7168*j +14336 +3588*l +3*l*m +3*l*l +1*n*o +2*l*n*o +8*l*o +4*l*l*o +29371904*p +10752*q*p +7*r*s +4*r*s*s +3*r*s*t
  +2*r*t +1*s +1*s*u*u +1*v +1*s*s*u*u*u*u +1*s*v*u*u +1*s*w*x*x*y +84912*a +10752*a*z +4717440*a*A +4717440*a*B
  +4717440*a*C +1179648*a*D +294912*a*E +73728*a*F +18432*a*G +4608*a*H +1152*a*I +453*a*J +1*a*K*J +1*a*L*J +2*a*J*M
  +2*a*N +4*a*O*N +1*a*O +1*a*P +1*a*P*Q*M +1*a*R//2 +1*a*S//2 +1*a*T//2 +1*a*R//2*R//2*U +1*a*S//2*S//2*V
  +1*a*T//2*T//2*W +3*a*X +2*a*R*X +2*a*S*X +2*a*T*X +3*a*R +3*a*S +3*a*T +1*a*P*R +1*a*R*S +1*a*S*T +1*a*R*R +1*a*S*S
  +1*a*T*T +1*a*L +2*a*N*L +1*a*N*N*Y +3*a*J*J +1*a*M +1*a*K*Z +1*a*K +3*a*aa*ab*ac +4*a*aa*J*ab*ac +8*a*J*ac
  +6*a*J*J*ac +1*a*ad*J*ac +2*a*ad*J*J*ac
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
roberta-prelayernorm RobertaPreLayerNormForCausalLM a:vocab_size=50265 b:tie_word_embeddings=1 c:hidden_size=768
  d:max_position_embeddings=512 e:type_vocab_size=2 f:num_hidden_layers=12 g:intermediate_size=3072
  !add_cross_attention=false +2*a -1*b*a -1*c*b*a +2*c*a +7*c +1*c*c +1*c*d +1*c*e +9*c*f +4*c*c*f +1*g*f +2*c*g*f
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
rt_detr RTDetrModel a:backbone_config.embedding_size=64 b:backbone_config.num_channels=3
  c:freeze_backbone_batch_norms=1 d:backbone_config.hidden_sizes.0=256 e:backbone_config.depths.0=3
  f:backbone_config.hidden_sizes.1=512 g:backbone_config.depths.1=4 h:backbone_config.hidden_sizes.2=1024
  i:backbone_config.depths.2=6 j:backbone_config.hidden_sizes.3=2048 k:backbone_config.depths.3=3
  l:backbone_config.downsample_in_first_stage=0 m:decoder_attention_heads=8 n:decoder_layers=6 o:decoder_n_points=4
  p:num_feature_levels=3 q:d_model=256 r:decoder_ffn_dim=1024 s:decoder_in_channels.0=256 t:decoder_in_channels.1=256
  u:decoder_in_channels.2=256 v:#labels=2 w:encoder_hidden_dim=256 x:encoder_layers=1 y:encoder_ffn_dim=1024
  z:learn_initial_query=0 v~ !anchor_image_size=null !backbone_config.layer_type="bottleneck"
  !backbone_config.model_type="rt_detr_resnet" !backbone_config.out_features=["stage2","stage3","stage4"]
  !backbone_config.out_indices=[2,3,4] !eval_size=null !hidden_expansion=1.0 +9*a//2*b +9*a//2*a//2 +9*a*a//2
  -4*a//2*c +4*a//2 -2*a*c +2*a +1*a*d//4 +27*d//4*d//4 +5*d*d//4 +69632*e -21326844 +1*d*f//4 +36*f//4*f//4 +7*f*f//4
  +278528*g +1*f*h//4 +54*h//4*h//4 +11*h*h//4 +1114112*i +1*h*j//4 +27*j//4*j//4 +5*j*j//4 +4456448*k +4*e*d//4
  -4*e*d//4*c +2*e*d -2*e*d*c -50176*c +256*l*a +1*d*f +1*f*h +1*h*j -1*l*a*d +1*a*d -2*d*c +2*d +3*m*n*o*p
  +3*q*m*n*o*p +13*q*n +6*q*q*n +1*r*n +2*q*r*n +27*q +5*q*q +1*q*s +1*q*t +1*q*u +590080*p//2 -590080*p//3
  +2950400*p//5 +1*q*p//3*p//4 +2*v*q +1*v +9*w*x +1*y*x +2*y*w*x +4*w*w*x +156*w*w +78*w +1*f*w +1*h*w +1*j*w
  +300*q*z
rt_detr_v2 RTDetrV2ForObjectDetection !anchor_image_size=null !backbone_config.depths=[3,4,6,3]
  !backbone_config.downsample_in_bottleneck=false !backbone_config.downsample_in_first_stage=false
  !backbone_config.embedding_size=64 !backbone_config.hidden_sizes=[256,512,1024,2048]
  !backbone_config.layer_type="bottleneck" !backbone_config.model_type="rt_detr_resnet"
  !backbone_config.num_channels=3 !backbone_config.out_features=["stage2","stage3","stage4"]
  !backbone_config.out_indices=[2,3,4] !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"]
  !d_model=256 !decoder_attention_heads=8 !decoder_ffn_dim=1024 !decoder_in_channels=[256,256,256] !decoder_layers=6
  !decoder_method="default" !decoder_n_levels=3 !decoder_n_points=4 !encode_proj_layers=[2] !encoder_attention_heads=8
  !encoder_ffn_dim=1024 !encoder_hidden_dim=256 !encoder_in_channels=[512,1024,2048] !encoder_layers=1 !eval_size=null
  !feat_strides=[8,16,32] !freeze_backbone_batch_norms=true !hidden_expansion=1.0 !learn_initial_query=false
  !normalize_before=false !num_denoising=100 !num_feature_levels=3 !num_queries=300 !tie_word_embeddings=true
  !with_box_refine=true +42731082
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
sam3 Sam3Model a:detr_decoder_config.hidden_size=256 b:detr_decoder_config.num_attention_heads=8
  c:detr_decoder_config.intermediate_size=2048 d:detr_decoder_config.num_layers=6
  e:detr_decoder_config.num_queries=200 f:detr_encoder_config.hidden_size=256 g:detr_encoder_config.num_layers=6
  h:detr_encoder_config.intermediate_size=2048 i:geometry_encoder_config.hidden_size=256
  j:geometry_encoder_config.roi_size=7 k:geometry_encoder_config.num_layers=3
  l:geometry_encoder_config.intermediate_size=2048 m:mask_decoder_config.hidden_size=256
  n:mask_decoder_config.num_upsampling_stages=3 o:text_config.hidden_size=1024
  p:text_config.max_position_embeddings=32 q:text_config.vocab_size=49408 r:text_config.num_hidden_layers=24
  s:text_config.intermediate_size=4096 t:text_config.projection_dim=512
  u:vision_config.backbone_config.hidden_size=1024 v:vision_config.backbone_config.num_channels=3
  w:vision_config.backbone_config.patch_size=14 x:vision_config.backbone_config.pretrain_image_size=336
  y:vision_config.backbone_config.num_hidden_layers=32 z:vision_config.backbone_config.intermediate_size=4736
  A:vision_config.fpn_hidden_size=256 B:text_config.num_attention_heads=16 o~+64*B s~+256*B p~-45/8*B;+122 B~ r~+3/2*B
  !detr_decoder_config.model_type="sam3_detr_decoder" !detr_encoder_config.model_type="sam3_detr_encoder"
  !geometry_encoder_config.model_type="sam3_geometry_encoder" !mask_decoder_config.model_type="sam3_mask_decoder"
  !text_config.model_type="clip_text_model" !vision_config.backbone_config.model_type="sam3_vit_model"
  !vision_config.backbone_feature_sizes=[[288,288],[144,144],[72,72]] !vision_config.model_type="sam3_vision_model"
  +27*a +9*a*a +6 +2*b +2*a*b +1*c*d +2*a*c*d +21*a*d +12*a*a*d +1*a*e +4*e +15*f*g +8*f*f*g +1*h*g +2*f*h*g +1*c
  +2*a*c +19*i +1*i*i*j*j +2*i*i +15*i*k +8*i*i*k +1*l*k +2*i*l*k +11*m +8*m*m +3*m*n +9*m*m*n +1*o*p +1*o*q +9*o*r
  +1*s*r +2*o*s*r +4*o*o*r +2*o +1*o*t +1*f +1*f*o +1*u*v*w*w +1*u*x//w*x//w +2*u +9*u*y +4*u*u*y +1*z*y +2*u*z*y +8*A
  +1*u//4*A +1*u//2*A +2*u*A +36*A*A +2*u//2 +1*u//4 +8*u*u//2 +4*u//2*u//4
sam3_tracker Sam3TrackerModel a:mask_decoder_config.hidden_size=256 b:mask_decoder_config.iou_head_depth=3
  c:mask_decoder_config.iou_head_hidden_dim=256 d:mask_decoder_config.num_multimask_outputs=3
  e:mask_decoder_config.attention_downsample_rate=2 f:mask_decoder_config.num_hidden_layers=2
  g:mask_decoder_config.mlp_dim=2048 h:vision_config.fpn_hidden_size=256
  i:prompt_encoder_config.mask_input_channels=16 j:prompt_encoder_config.hidden_size=256
  k:prompt_encoder_config.num_point_embeddings=4 l:vision_config.backbone_config.hidden_size=1024
  m:vision_config.backbone_config.num_channels=3 n:vision_config.backbone_config.patch_size=14
  o:vision_config.backbone_config.pretrain_image_size=336 p:vision_config.backbone_config.num_hidden_layers=32
  q:vision_config.backbone_config.intermediate_size=4736 !mask_decoder_config.dynamic_multimask_stability_delta=0.05
  !mask_decoder_config.dynamic_multimask_stability_thresh=0.98
  !mask_decoder_config.model_type="sam3_tracker_mask_decoder"
  !prompt_encoder_config.model_type="sam3_tracker_prompt_encoder"
  !vision_config.backbone_config.model_type="sam3_vit_model"
  !vision_config.backbone_feature_sizes=[[288,288],[144,144],[72,72]] !vision_config.model_type="sam3_vision_model"
  +3*a//8 +2*a*a//8 +4*a//4 +5*a*a//4 +1*b//2*c +1*b//3*b//8*c +1*b//2*c*c +1*b//3*b//8*c*c +2*c +1*a*c +1*d +2 +1*c*d
  +11*a +3*a*d +2*a*a*d +4*a*a +1*a//8*d +1*a*a//8*d +3*a//e +4*a*a//e +6*a//e*f +8*a*a//e*f +15*a*f -1*g*f +1*g*f*f
  -2*g*g*f +1*g*g*f*f +2*a*g*f +4*a*a*f +4*a//4*a//8 +9*h +7*i//4 +3*i +4*i*i//4 +3*j +1*j*i +1*j*k +1*l*m*n*n
  +1*l*o//n*o//n +2*l +9*l*p +4*l*l*p +1*q*p +2*l*q*p +1*l//4*h +1*l//2*h +2*l*h +36*h*h +2*l//2 +1*l//4 +8*l*l//2
  +4*l//2*l//4
sam3_video Sam3TrackerModel a:tracker_config.mask_decoder_config.hidden_size=256
  b:tracker_config.mask_decoder_config.iou_head_depth=3 c:tracker_config.mask_decoder_config.iou_head_hidden_dim=256
  d:tracker_config.mask_decoder_config.num_multimask_outputs=3
  e:tracker_config.mask_decoder_config.attention_downsample_rate=2
  f:tracker_config.mask_decoder_config.num_hidden_layers=2 g:tracker_config.mask_decoder_config.mlp_dim=2048
  h:tracker_config.vision_config.fpn_hidden_size=256 i:tracker_config.prompt_encoder_config.mask_input_channels=16
  j:tracker_config.prompt_encoder_config.hidden_size=256 k:tracker_config.prompt_encoder_config.num_point_embeddings=4
  l:tracker_config.vision_config.backbone_config.hidden_size=1024
  m:tracker_config.vision_config.backbone_config.num_channels=3
  n:tracker_config.vision_config.backbone_config.patch_size=14
  o:tracker_config.vision_config.backbone_config.pretrain_image_size=336
  p:tracker_config.vision_config.backbone_config.num_hidden_layers=32
  q:tracker_config.vision_config.backbone_config.intermediate_size=4736
  r:tracker_config.memory_attention_rope_feat_sizes.1=72 s:tracker_config.memory_attention_rope_feat_sizes.0=72 s~+1*r
  r~+1*s !detector_config.detr_decoder_config.model_type="sam3_detr_decoder"
  !detector_config.detr_encoder_config.model_type="sam3_detr_encoder"
  !detector_config.geometry_encoder_config.model_type="sam3_geometry_encoder"
  !detector_config.mask_decoder_config.model_type="sam3_mask_decoder" !detector_config.model_type="sam3"
  !detector_config.text_config.model_type="clip_text_model"
  !detector_config.vision_config.backbone_config.model_type="sam3_vit_model"
  !detector_config.vision_config.backbone_feature_sizes=[[288,288],[144,144],[72,72]]
  !detector_config.vision_config.model_type="sam3_vision_model" !min_trk_keep_alive=-1
  !tracker_config.mask_decoder_config.dynamic_multimask_stability_delta=0.05
  !tracker_config.mask_decoder_config.dynamic_multimask_stability_thresh=0.98
  !tracker_config.mask_decoder_config.model_type="sam3_tracker_video_mask_decoder"
  !tracker_config.model_type="sam3_tracker_video" !tracker_config.multimask_min_pt_num=0
  !tracker_config.prompt_encoder_config.image_size=1008
  !tracker_config.prompt_encoder_config.model_type="sam3_tracker_video_prompt_encoder"
  !tracker_config.vision_config.backbone_config.image_size=1008
  !tracker_config.vision_config.backbone_config.model_type="sam3_vit_model"
  !tracker_config.vision_config.backbone_feature_sizes=[[288,288],[144,144],[72,72]]
  !tracker_config.vision_config.model_type="sam3_vision_model" +3*a//8 +2*a*a//8 +4*a//4 +5*a*a//4 +1*b//2*c
  +1*b//3*b//8*c +1*b//2*c*c +1*b//3*b//8*c*c +2*c +1*a*c +1*d +2 +1*c*d +11*a +3*a*d +2*a*a*d +4*a*a +1*a//8*d
  +1*a*a//8*d +3*a//e +4*a*a//e +6*a//e*f +8*a*a//e*f +15*a*f +1*g*f*f//3 +2*g*f*f//4 +1*g*g*f*f//3 +2*g*g*f*f//4
  +1*g*f +2*a*g*f +4*a*a*f +4*a//4*a//8 +9*h +7*i//4 +3*i +4*i*i//4 +3*j +1*j*i +1*j*k +1*l*m*n*n +1*l*o//n*o//n +2*l
  +9*l*p +4*l*l*p +1*q*p +2*l*q*p +1*l//4*h +1*l//2*h +2*l*h +36*h*h +2*l//2 +1*l//4 +8*l*l//2 +4*l//2*l//4
sam_hq SamHQModel a:mask_decoder_config.hidden_size=256 b:mask_decoder_config.vit_dim=768
  c:mask_decoder_config.iou_head_depth=3 d:mask_decoder_config.iou_head_hidden_dim=256
  e:mask_decoder_config.num_multimask_outputs=3 f:mask_decoder_config.num_hidden_layers=2
  g:mask_decoder_config.mlp_dim=2048 h:prompt_encoder_config.mask_input_channels=16
  i:prompt_encoder_config.hidden_size=256 j:prompt_encoder_config.num_point_embeddings=4 k:tie_word_embeddings=1
  l:vision_config.num_pos_feats=128 m:vision_config.hidden_size=768 n:vision_config.qkv_bias=1
  o:vision_config.num_attention_heads=12 p:vision_config.window_size=14 q:vision_config.global_attn_indexes.3=11
  r:vision_config.image_size=1024 s:vision_config.patch_size=16 t:vision_config.mlp_dim=3072
  u:vision_config.num_channels=3 v:vision_config.use_abs_pos=1 w:vision_config.mlp_ratio=4.0 t~+1*m*w
  #vision_config.global_attn_indexes=4 !mask_decoder_config.attention_downsample_rate=2
  !mask_decoder_config.model_type="sam_hq_mask_decoder" !prompt_encoder_config.model_type="sam_hq_prompt_encoder"
  !vision_config.model_type="sam_hq_vision_model" !vision_config.num_hidden_layers=12 !vision_config.use_rel_pos=true
  +13*a +4*a*b +6*a//8 +6*a*a//8 +9*a//4 +8*a*a//4 +26*a//4*a//8 +4*a*a +1*c//2*d +3*c//5*d +1*c//2*d*d +3*c//5*d*d
  +2*d +1*a*d +1*e +590849 +1*d*e +3*a*e +2*a*a*e +1*a//8*e +1*a*a//8*e +3*a//2 +4*a*a//2 +6*a//2*f +8*a*a//2*f
  +15*a*f +1*g*f +2*a*g*f +4*a*a*f +7*h//4 +3*h +4*h*h//4 +3*i +1*i*h +1*i*j -2*k*l +4*l +329*m +48*m*m +36*m*n
  +32*m//o*p +2176*m//o -200*q*m//o +16*m//o*r//s +12*t +24*m*t +1*m*u*s*s +1*m*r//s*r//s*v
SD3ControlNetModel SD3ControlNetModel a:caption_projection_dim=1152 b:joint_attention_dim=4096 c:attention_head_dim=64
  d:num_attention_heads=18 e:num_layers=18 f:use_pos_embed=1 g:in_channels=16 h:patch_size=2
  i:pooled_projection_dim=2048 !dual_attention_layers=[] !extra_conditioning_channels=0 !pos_embed_type="sincos"
  !qk_norm=null +1*a +1*a*b +31*c*d*e +37*c*c*d*d*e +1*c*d*f +1*c*g*d*h*h*f +261*c*d +1*c*g*d*h*h +1*c*d*i +2*c*c*d*d
seamless_m4t SeamlessM4TForSpeechToText a:hidden_size=1024 b:tie_word_embeddings=1 c:vocab_size=256102 d:add_adapter=1
  e:num_adapter_layers=1 f:speech_encoder_intermediate_size=4096 g:adaptor_kernel_size=8 h:speech_encoder_layers=24
  i:conv_depthwise_kernel_size=31 j:speech_encoder_attention_heads=16 k:feature_projection_input_dim=160
  l:decoder_layers=24 m:decoder_ffn_dim=8192 !position_embeddings_type="relative"
  !resblock_dilation_sizes=[[1,3,5],[1,3,5],[1,3,5]] -2*a*b*c +3*a*c +1*d*e*f +2*d*a*e*f +15*d*a*e +4*g*d*a*a*e
  +4*d*a*a*e +8*a +18*a*h +1*i*a*h +8*a*a*h +2*f*h +4*a*f*h +2*a//j*j*h +2*k +1*k*a +1*f +2*a*f +15*l*a +8*l*a*a
  +1*m*l +2*m*l*a
seamless_m4t SeamlessM4TModel a:hidden_size=1024 b:tie_word_embeddings=1 c:vocab_size=256102 d:add_adapter=1
  e:num_adapter_layers=1 f:speech_encoder_intermediate_size=4096 g:adaptor_kernel_size=8 h:speech_encoder_layers=24
  i:conv_depthwise_kernel_size=31 j:speech_encoder_attention_heads=16 k:feature_projection_input_dim=160
  l:t2u_vocab_size=10082 m:t2u_decoder_layers=6 n:t2u_decoder_ffn_dim=8192 o:t2u_encoder_ffn_dim=8192
  p:t2u_encoder_layers=6 q:decoder_layers=24 r:decoder_ffn_dim=8192 s:encoder_ffn_dim=8192 t:encoder_layers=24
  u:unit_embed_dim=1280 v:variance_predictor_kernel_size=3 w:lang_embed_dim=256 x:spkr_embed_dim=256
  y:resblock_kernel_sizes.0=3 z:resblock_kernel_sizes.1=7 A:resblock_kernel_sizes.2=11 B:upsample_kernel_sizes.0=11
  C:upsample_kernel_sizes.1=8 D:upsample_kernel_sizes.2=8 E:upsample_kernel_sizes.3=4 F:upsample_kernel_sizes.4=4
  G:vocoder_num_langs=36 H:vocoder_num_spkrs=200 I:unit_hifi_gan_vocab_size=10000 !position_embeddings_type="relative"
  !resblock_dilation_sizes=[[1,3,5],[1,3,5],[1,3,5]] !upsample_initial_channel=512 -3*a*b*c +4*a*c +1*d*e*f +2*d*a*e*f
  +15*d*a*e +4*g*d*a*a*e +4*d*a*a*e +14*a +18*a*h +1*i*a*h +8*a*a*h +2*f*h +4*a*f*h +2*a//j*j*h +2*k +1*k*a +1*f
  +2*a*f -1*a*l*b +2*a*l +15*a*m +8*a*a*m +1*n*m +2*a*n*m +1*o*p +2*a*o*p +9*a*p +4*a*a*p +15*q*a +8*q*a*a +1*r*q
  +2*r*q*a +1*s*t +2*s*t*a +9*t*a +4*t*a*a +3591*u +2*u*u*v +10050 +3584*w +3584*x +523776*y +523776*z +523776*A
  +131072*B +32768*C +8192*D +2048*E +512*F +1*w*G +1*x*H +1*u*I
seamless_m4t_v2 SeamlessM4Tv2ForSpeechToText a:hidden_size=1024 b:tie_word_embeddings=1 c:vocab_size=256102
  d:add_adapter=1 e:num_adapter_layers=1 f:speech_encoder_intermediate_size=4096 g:adaptor_kernel_size=8
  h:conv_depthwise_kernel_size=31 i:speech_encoder_layers=24 j:speech_encoder_attention_heads=16
  k:left_max_position_embeddings=64 l:right_max_position_embeddings=8 m:feature_projection_input_dim=160
  n:decoder_layers=24 o:decoder_ffn_dim=8192 !position_embeddings_type="relative_key"
  !resblock_dilation_sizes=[[1,3,5],[1,3,5],[1,3,5]] -2*a*b*c +3*a*c +1*d*e*f +2*d*a*e*f +15*d*a*e +4*g*d*a*a*e
  +4*d*a*a*e +8*a +1*h*a*i +18*a*i +7*a*a*i +2*f*i +4*a*f*i +1*a//j*k*i +1*a//j*l*i +1*a//j*i +2*m +1*m*a +1*f +2*a*f
  +15*n*a +8*n*a*a +1*o*n +2*o*n*a
seamless_m4t_v2 SeamlessM4Tv2Model a:hidden_size=1024 b:tie_word_embeddings=1 c:vocab_size=256102 d:add_adapter=1
  e:num_adapter_layers=1 f:speech_encoder_intermediate_size=4096 g:adaptor_kernel_size=8
  h:conv_depthwise_kernel_size=31 i:speech_encoder_layers=24 j:speech_encoder_attention_heads=16
  k:left_max_position_embeddings=64 l:right_max_position_embeddings=8 m:feature_projection_input_dim=160
  n:t2u_vocab_size=10082 o:t2u_variance_predictor_hidden_dim=256 p:t2u_variance_predictor_embed_dim=1024
  q:t2u_variance_predictor_kernel_size=3 r:char_vocab_size=10943 s:t2u_decoder_layers=6 t:t2u_encoder_ffn_dim=8192
  u:t2u_encoder_layers=6 v:decoder_layers=24 w:decoder_ffn_dim=8192 x:encoder_ffn_dim=8192 y:encoder_layers=24
  z:unit_embed_dim=1280 A:variance_predictor_kernel_size=3 B:lang_embed_dim=256 C:spkr_embed_dim=256
  D:resblock_kernel_sizes.0=3 E:resblock_kernel_sizes.1=7 F:resblock_kernel_sizes.2=11 G:upsample_kernel_sizes.0=11
  H:upsample_kernel_sizes.1=8 I:upsample_kernel_sizes.2=8 J:upsample_kernel_sizes.3=4 K:upsample_kernel_sizes.4=4
  L:vocoder_num_langs=36 M:vocoder_num_spkrs=200 N:unit_hifi_gan_vocab_size=10000
  !position_embeddings_type="relative_key" !resblock_dilation_sizes=[[1,3,5],[1,3,5],[1,3,5]]
  !upsample_initial_channel=512 -3*a*b*c +4*a*c +1*d*e*f +2*d*a*e*f +15*d*a*e +4*g*d*a*a*e +4*d*a*a*e +14*a +1*h*a*i
  +18*a*i +7*a*a*i +2*f*i +4*a*f*i +1*a//j*k*i +1*a//j*l*i +1*a//j*i +2*m +1*m*a +1*f +2*a*f -1*a*n*b +2*a*n +7*o
  +1*p*o*q +1*o*o*q +10053 +1*r*a +10*a*s +18*a*a*s +1*t*u +2*a*t*u +9*a*u +4*a*a*u +15*v*a +8*v*a*a +1*w*v +2*w*v*a
  +1*x*y +2*x*y*a +9*y*a +4*y*a*a +3591*z +2*z*z*A +3584*B +3584*C +523776*D +523776*E +523776*F +131072*G +32768*H
  +8192*I +2048*J +512*K +1*B*L +1*C*M +1*z*N
sew SEWForCTC a:vocab_size=32 b:hidden_size=768 c:num_hidden_layers=12 d:intermediate_size=3072
  e:num_conv_pos_embeddings=128 f:num_conv_pos_embedding_groups=16 g:conv_bias=0
  !conv_dim=[64,128,128,128,128,256,256,256,256,512,512,512,512] !conv_kernel=[10,3,1,3,1,3,1,3,1,2,1,2,1]
  !conv_stride=[5,2,1,2,1,2,1,2,1,2,1,2,1] !feat_extract_norm="group" !num_feat_extract_layers=13 +1*a +1*b*a +519*b
  +9*b*c +4*b*b*c +1*d*c +2*b*d*c +1*e +1*b*b//f*e +2*b*b +3648*g +1844992
speech_to_text Speech2TextForConditionalGeneration a:d_model=256 b:tie_word_embeddings=1 c:vocab_size=10000
  d:decoder_layers=6 e:decoder_ffn_dim=2048 f:conv_channels=1024 g:conv_kernel_sizes.0=5 h:input_channels=1
  i:input_feat_per_channel=80 j:conv_kernel_sizes.1=5 k:encoder_ffn_dim=2048 l:encoder_layers=12 !num_conv_layers=2
  -1*a*b*c +2*a*c +6*a +15*a*d +8*a*a*d +1*e*d +2*a*e*d +1*f +1*f*g*h*i +2*f//2*j*a +1*k*l +2*a*k*l +9*a*l +4*a*a*l
superglue SuperGlueForKeypointMatching a:hidden_size=256 b:keypoint_detector_config.decoder_hidden_size=256
  c:keypoint_detector_config.encoder_hidden_sizes.3=128 d:keypoint_detector_config.descriptor_decoder_dim=256
  e:keypoint_detector_config.encoder_hidden_sizes.0=64 f:keypoint_detector_config.encoder_hidden_sizes.1=64
  g:keypoint_detector_config.encoder_hidden_sizes.2=128 h:keypoint_detector_config.keypoint_decoder_dim=65
  i:keypoint_encoder_sizes.0=32 j:keypoint_encoder_sizes.1=64 k:keypoint_encoder_sizes.2=128
  l:keypoint_encoder_sizes.3=256 !keypoint_detector_config.max_keypoints=-1
  !keypoint_detector_config.model_type="superpoint" +1 +200*a +181*a*a +2*b +18*b*c +1*d +1*b*d +11*e +2*f +2*g +2*c
  +9*e*f +9*f*g +9*g*c +9*e*e +9*f*f +9*g*g +9*c*c +1*h +1*b*h +6*i +3*j +3*k +3*l +1*i*j +1*j*k +1*k*l +1*a*l
superpoint SuperPointForKeypointDetection a:decoder_hidden_size=256 b:encoder_hidden_sizes.3=128
  c:descriptor_decoder_dim=256 d:encoder_hidden_sizes.0=64 e:encoder_hidden_sizes.1=64 f:encoder_hidden_sizes.2=128
  g:keypoint_decoder_dim=65 !max_keypoints=-1 +2*a +18*a*b +1*c +1*a*c +11*d +2*e +2*f +2*b +9*d*e +9*e*f +9*f*b
  +9*d*d +9*e*e +9*f*f +9*b*b +1*g +1*a*g
swin2sr Swin2SRForImageSuperResolution a:embed_dim=180 b:use_absolute_embeddings=0 c:qkv_bias=1 d:mlp_ratio=2.0
  e:num_channels=3 f:num_channels_out=3 f~+1*e !depths=[6,6,6,6,6,6] !num_heads=[6,6,6,6,6,6] !patch_size=1
  !resi_connection="1conv" !upsampler="pixelshuffle" +811*a +214*a*a +4097*a*b +313880 +72*a*c +36*a*d +72*a*a*d
  +9*a*e +577*f
t5gemma2 T5Gemma2ForConditionalGeneration a:tie_word_embeddings=1 b:decoder.intermediate_size=9216
  c:decoder.num_hidden_layers=26 d:decoder.head_dim=256 e:decoder.attention_bias=0 f:decoder.num_key_value_heads=4
  g:decoder.num_attention_heads=8 h:encoder.vision_config.hidden_size=768 i:encoder.text_config.intermediate_size=9216
  j:encoder.text_config.num_hidden_layers=26 k:encoder.text_config.head_dim=256 l:encoder.text_config.attention_bias=0
  m:encoder.text_config.num_key_value_heads=4 n:encoder.text_config.num_attention_heads=8
  o:encoder.vision_config.num_channels=3 p:encoder.vision_config.patch_size=16 q:encoder.vision_config.image_size=224
  r:encoder.vision_config.num_hidden_layers=12 s:encoder.vision_config.intermediate_size=3072
  t:encoder.vision_config.vision_use_head=1 !decoder.hidden_size=2304 !decoder.model_type="t5gemma2_decoder"
  !decoder.vocab_size=262208 !encoder.model_type="t5gemma2_encoder" !encoder.text_config.hidden_size=2304
  !encoder.text_config.model_type="t5gemma2_text" !encoder.text_config.vocab_size=262208
  !encoder.vision_config.model_type="siglip_vision_model" -1208256768*a +1812390912 +6912*b*c +9216*c +2*d*c
  +2*e*d*c*f +4608*d*c*f +2304*e*c +4608*d*g*c +1*e*d*g*c +2308*h +6912*i*j +9216*j +2*k*j +2*l*k*j*m +4608*k*j*m
  +2304*l*j +4608*k*n*j +1*l*k*n*j +1*h*o*p*p +1*h*q//p*q//p +9*h*r +1*s*r +2*h*s*r +4*h*h*r +8*h*t +4*h*h*t +1*s*t
  +2*h*s*t
table-transformer TableTransformerForObjectDetection a:d_model=256 b:#labels=2 c:backbone_config.num_channels=3
  d:decoder_layers=6 e:decoder_ffn_dim=2048 f:encoder_ffn_dim=2048 g:encoder_layers=6 h:num_queries=100
  i:num_channels=3 b~ c~+1*i !backbone_config.backbone="resnet50" !backbone_config.features_only=true
  !backbone_config.model_type="timm_backbone" !backbone_config.out_features=["layer1","layer2","layer3","layer4"]
  !backbone_config.out_indices=[1,2,3,4] !backbone_config.stage_names=["act1","layer1","layer2","layer3","layer4"]
  !position_embedding_type="sine" +2060*a +23445509 +2*a*a +1*b +1*b*a +3136*c +15*a*d +8*a*a*d +1*e*d +2*a*e*d +1*f*g
  +2*a*f*g +9*a*g +4*a*a*g +1*a*h
tapas TapasForMaskedLM a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=1024
  e:type_vocab_sizes.0=3 f:type_vocab_sizes.1=256 g:type_vocab_sizes.2=256 h:type_vocab_sizes.3=2
  i:type_vocab_sizes.4=256 j:type_vocab_sizes.5=256 k:type_vocab_sizes.6=10 l:num_hidden_layers=12
  m:intermediate_size=3072 !add_cross_attention=false !aggregation_labels=null !average_approximation_function="ratio"
  !cell_selection_preference=null !no_aggregation_label_index=null !num_aggregation_labels=0
  !use_answer_as_supervision=null +2*a -1*b*a -1*c*b*a +2*c*a +5*c +1*c*c +1*c*d +1*c*e +1*c*f +1*c*g +1*c*h +1*c*i
  +1*c*j +1*c*k +9*c*l +4*c*c*l +1*m*l +2*c*m*l
timesfm TimesFmModelForPrediction a:freq_size=3 b:hidden_size=1280 c:intermediate_size=1280 d:patch_length=32
  e:num_hidden_layers=50 f:head_dim=80 g:num_attention_heads=16 h:horizon_length=128
  !quantiles=[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9] +1*a*b +2*c +2*c*d +2*b +2*b*c +2*b*d +5*b*e +2*b*c*e +1*c*e
  +3*f*g*e +4*f*b*g*e +1*f*e +20*h +10*h*c +10*b*h
timesfm2_5 TimesFm2_5ModelForPrediction a:hidden_size=1280 b:patch_length=32 c:num_hidden_layers=20
  d:intermediate_size=1280 e:use_bias=0 f:head_dim=80 g:attention_bias=0 h:num_key_value_heads=16
  i:num_attention_heads=16 j:horizon_length=128 !quantiles=[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9] +20483*a +4*a*b
  +3*a*a +4*a*c +1*d*c*e +2*a*d*c +1*a*c*e +3*f*c +2*g*f*c*h +2*f*a*c*h +1*g*a*c +2*f*a*i*c +1*g*f*i*c +20*a*j
timesformer TimesformerForVideoClassification a:#labels=2 b:hidden_size=768 c:num_channels=3 d:patch_size=16
  e:image_size=224 f:num_frames=8 g:num_hidden_layers=12 h:qkv_bias=1 i:intermediate_size=3072 a~
  !attention_type="divided_space_time" +1*a +1*a*b +5*b +1*b*c*d*d +1*b*e//d*e//d +1*b*f +6*b*g*h +9*b*b*g +10*b*g
  +1*i*g +2*b*i*g
trocr TrOCRForCausalLM a:d_model=1024 b:max_position_embeddings=512 c:use_learned_position_embeddings=1
  d:vocab_size=50265 e:layernorm_embedding=1 f:decoder_layers=12 g:decoder_ffn_dim=4096 h:tie_word_embeddings=1
  !cross_attention_hidden_size=null +1*a*b*c +2*a*c +2*a*d +2*a*e +15*a*f +8*a*a*f +1*g*f +2*a*g*f -1*a*h*d
tvp TvpModel a:hidden_size=768 b:max_position_embeddings=512 c:type_vocab_size=2 d:vocab_size=30522
  e:num_hidden_layers=12 f:intermediate_size=3072 g:backbone_config.embedding_size=64 h:backbone_config.num_channels=3
  i:backbone_config.hidden_sizes.0=256 j:backbone_config.depths.0=3 k:backbone_config.hidden_sizes.1=512
  l:backbone_config.depths.1=4 m:backbone_config.hidden_sizes.2=1024 n:backbone_config.depths.2=6
  o:backbone_config.hidden_sizes.3=2048 p:backbone_config.depths.3=3 q:max_grid_col_position_embeddings=100
  r:max_grid_row_position_embeddings=100 s:max_img_size=448 t:num_frames=48 u:visual_prompt_size=96
  !backbone_config.layer_type="bottleneck" !backbone_config.model_type="resnet"
  !backbone_config.out_features=["stage4"] !backbone_config.out_indices=[4] !visual_prompter_apply="replace"
  !visual_prompter_type="framepad" +16*a +2*a*b +1*a*c +1*a*d +9*a*e +4*a*a*e +1*f*e +2*a*f*e +1*a*a +49*g*h +2*g
  +1*g*i//4 +27*i//4*i//4 +5*i*i//4 +69632*j -21377024 +1*i*k//4 +36*k//4*k//4 +7*k*k//4 +278528*l +1*k*m//4
  +54*m//4*m//4 +11*m*m//4 +1114112*n +1*m*o//4 +27*o//4*o//4 +5*o*o//4 +4456448*p +4*j*i//4 +2*j*i +4*l*k//4 +2*l*k
  +4*n*m//4 +2*n*m +4*p*o//4 +2*p*o +1*g*i +1*i*k +1*k*m +1*m*o +2*i +2*k +2*m +2*o +9*o*a +1*a*q +1*a*r +12*s*t*u
  -12*t*u*u
udop UdopForConditionalGeneration a:d_kv=64 b:d_model=1024 c:num_decoder_layers=24 d:num_heads=16
  e:relative_attention_num_buckets=32 f:d_ff=4096 g:num_channels=3 h:patch_size=16 i:num_layers=24
  j:max_2d_position_embeddings=1024 k:vocab_size=33201 c~+1*i !feed_forward_proj="relu"
  !relative_bias_args=[{"type":"1d"},{"type":"horizontal"},{"type":"vertical"}] !tie_word_embeddings=true +8*a*b*c*d
  +2*d*e +3*b*c +2*f*b*c +4*b +2*b*g*h*h +128*d +4*a*b*d*i +2*b*i +2*f*b*i +2*b*j +1*b*k
unispeech UniSpeechForCTC a:vocab_size=32 b:hidden_size=768 c:num_hidden_layers=12 d:intermediate_size=3072
  e:num_conv_pos_embeddings=128 f:num_conv_pos_embedding_groups=16 g:conv_bias=0 h:conv_dim.0=512 i:conv_kernel.0=10
  j:conv_dim.1=512 k:conv_kernel.1=3 l:conv_dim.2=512 m:conv_kernel.2=3 n:conv_dim.3=512 o:conv_kernel.3=3
  p:conv_dim.4=512 q:conv_kernel.4=3 r:conv_dim.5=512 s:conv_kernel.5=2 t:conv_dim.6=512 u:conv_kernel.6=2
  !feat_extract_norm="group" !num_feat_extract_layers=7 +1*a +1*b*a +5*b +9*b*c +4*b*b*c +1*d*c +2*b*d*c +1*e
  +1*b*b//f*e +1*g*h +3072*g +1*h*i +1*h*j*k +1*j*l*m +1*l*n*o +1*n*p*q +1*p*r*s +1*r*t*u +2*h +2*t +1*t*b
unispeech-sat UniSpeechSatForCTC a:vocab_size=32 b:hidden_size=768 c:num_hidden_layers=12 d:intermediate_size=3072
  e:num_conv_pos_embeddings=128 f:num_conv_pos_embedding_groups=16 g:conv_bias=0 h:conv_dim.0=512 i:conv_kernel.0=10
  j:conv_dim.1=512 k:conv_kernel.1=3 l:conv_dim.2=512 m:conv_kernel.2=3 n:conv_dim.3=512 o:conv_kernel.3=3
  p:conv_dim.4=512 q:conv_kernel.4=3 r:conv_dim.5=512 s:conv_kernel.5=2 t:conv_dim.6=512 u:conv_kernel.6=2
  !feat_extract_norm="group" !num_feat_extract_layers=7 +1*a +1*b*a +5*b +9*b*c +4*b*b*c +1*d*c +2*b*d*c +1*e
  +1*b*b//f*e +1*g*h +3072*g +1*h*i +1*h*j*k +1*j*l*m +1*l*n*o +1*n*p*q +1*p*r*s +1*r*t*u +2*h +2*t +1*t*b
univnet UnivNetModel a:model_hidden_channels=32 b:model_in_channels=64 c:kernel_predictor_conv_size=3
  d:kernel_predictor_hidden_channels=64 e:num_mel_bins=100 f:resblock_kernel_sizes.0=3 g:resblock_kernel_sizes.1=3
  h:resblock_kernel_sizes.2=3 i:kernel_predictor_num_blocks=3
  !resblock_dilation_sizes=[[1,3,9,27],[1,3,9,27],[1,3,9,27]] +1 +47*a +7*a*b +40*a*a +24*c*d*a +3*d +15*d*e +12*a*a*f
  +12*a*a*g +12*a*a*h +8*c*d*a*a*f +8*c*d*a*a*g +8*c*d*a*a*h +6*i*b +6*c*i*b*b
upernet UperNetForSemanticSegmentation a:#labels=2 b:use_auxiliary_head=1 c:auxiliary_channels=256
  d:auxiliary_concat_input=0 e:auxiliary_num_convs=1 f:backbone_config.hidden_sizes.2=1024
  g:backbone_config.num_channels=3 h:backbone_config.hidden_sizes.0=256 i:backbone_config.depths.0=3
  j:backbone_config.hidden_sizes.1=512 k:backbone_config.depths.1=4 l:backbone_config.depths.2=6
  m:backbone_config.hidden_sizes.3=2048 n:backbone_config.depths.3=3 o:hidden_size=512 a~ !auxiliary_in_channels=null
  !backbone_config.embedding_size=64 !backbone_config.layer_type="bottleneck" !backbone_config.model_type="resnet"
  !backbone_config.out_features=["stage1","stage2","stage3","stage4"] !backbone_config.out_indices=[1,2,3,4]
  !backbone_config.stage_names=["stem","stage1","stage2","stage3","stage4"] +1*a*b +1*a*c*b +9218*c*d +9*c*c*d
  +2*c*e*b +9*c*f*b +9*c*c*e//2 +9*c*c*e//3 +3136*g -21376896 +64*h//4 +27*h//4*h//4 +5*h*h//4 +69632*i +1*h*j//4
  +36*j//4*j//4 +7*j*j//4 +278528*k +1*j*f//4 +54*f//4*f//4 +11*f*f//4 +1114112*l +1*f*m//4 +27*m//4*m//4 +5*m*m//4
  +4456448*n +4*i*h//4 +2*i*h +4*k*j//4 +2*k*j +4*l*f//4 +2*l*f +4*n*m//4 +2*n*m +66*h +1*h*j +1*j*f +1*f*m +2*j +2*f
  +2*m +24*o +13*m*o +99*o*o +1*a +1*a*o +1*h*o +1*j*o +1*f*o
vibevoice VibeVoiceForConditionalGeneration a:diffusion_head_config.hidden_size=4096
  b:text_config.tie_word_embeddings=0 c:text_config.vocab_size=151936 d:audio_config.num_filters=32
  e:audio_config.downsampling_ratios.5=8 f:audio_config.downsampling_ratios.4=5 g:audio_config.downsampling_ratios.3=5
  h:audio_config.downsampling_ratios.2=4 i:audio_config.downsampling_ratios.1=2 j:audio_config.downsampling_ratios.0=2
  k:audio_config.depths.5=3 l:audio_config.ffn_expansion=4 m:audio_config.depths.4=3 n:audio_config.depths.3=3
  o:audio_config.depths.2=3 p:audio_config.depths.1=3 q:audio_config.depths.0=3 r:audio_config.kernel_size=7
  s:audio_config.channels=1 t:audio_config.hidden_size=64 u:audio_config.depths.6=8 v:diffusion_head_config.mlp_bias=0
  w:diffusion_head_config.num_hidden_layers=4 x:diffusion_head_config.intermediate_size=4608
  y:diffusion_head_config.frequency_embedding_size=256 z:text_config.layer_types/full_attention=32
  A:text_config.intermediate_size=22016 B:text_config.num_attention_heads=32 C:text_config.num_key_value_heads=32
  D:semantic_model_config.hidden_size=128 E:semantic_model_config.num_filters=32
  F:semantic_model_config.ffn_expansion=4 G:semantic_model_config.kernel_size=7 H:semantic_model_config.channels=1
  I:text_config.hidden_size=4096 J:text_config.num_hidden_layers=32 a~+1*I D~ z~+1*J
  !audio_config.model_type="vibevoice_acoustic_tokenizer" !diffusion_head_config.hidden_size=4096
  !diffusion_head_config.latent_size=64 !diffusion_head_config.model_type="vibevoice_diffusion"
  !semantic_model_config.depths=[3,3,3,3,3,3,8] !semantic_model_config.downsampling_ratios=[2,2,4,5,5,8]
  !semantic_model_config.model_type="vibevoice_acoustic_tokenizer_encoder"
  !text_config.layer_types=["full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention","full_attention"]
  !text_config.model_type="qwen2" !text_config.sliding_window=null !tie_word_embeddings=false !vocab_size=151936
  -1*a*b*c +2*a*c +254*d +8192*e*d*d +2048*f*d*d +512*g*d*d +128*h*d*d +32*i*d*d +8*j*d*d +64*k*l*d +32*m*l*d
  +16*n*l*d +8*o*l*d +4*p*l*d +2*q*l*d +4096*k*l*d*d +1024*m*l*d*d +256*n*l*d*d +64*o*l*d*d +16*p*l*d*d +4*q*l*d*d
  +384*k*d +192*m*d +96*n*d +48*o*d +24*p*d +12*q*d +64*k*r*d +32*m*r*d +16*n*r*d +8*o*r*d +4*p*r*d +2*q*r*d +1*s
  +2*s*r*d +128*t*r*d +128*u*l*d +16384*u*l*d*d +768*u*d +128*u*r*d +1*t +6*a*a +3*t*a +1*a*v*w +3*a*x*w +2*x*v*w
  +3*a*a*w +1*a*w +1*y*a +2*a*z +3*a*A*z +2*a//B*z*C +2*a*a//B*z*C +2*a*a//B*z*B +1*a//B*z*B +7*a +2 +1*a*D +4333*E
  +39464*E*E +701*F*E +73726*F*E*E +701*G*E +1*D +64*D*G*E +1*H*G*E
video_llava VideoLlavaForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=32000
  c:tie_word_embeddings=0 d:vision_config.hidden_size=1024 e:vision_config.patch_size=14
  f:vision_config.num_attention_heads=16 g:vision_config.num_hidden_layers=24 h:vision_config.intermediate_size=4096
  i:text_config.num_hidden_layers=32 j:text_config.mlp_bias=0 k:text_config.intermediate_size=11008
  l:text_config.attention_bias=0 m:text_config.head_dim=128 n:text_config.num_key_value_heads=32
  o:multimodal_projector_bias=1 p:vision_config.projection_dim=768 m~ d~+64*f h~+256*f f~+4*g//e;+12 g~+3*f;-24
  e~-3*p//f;+158 p~+64*f;-256 !text_config.model_type="llama" !vision_config.image_size=224
  !vision_config.model_type="clip_vision_model" !vision_config.num_attention_heads=16 !vision_config.num_channels=3
  !vision_config.patch_size=14 !vision_config.projection_dim=768 !vision_feature_layer=-2
  !vision_feature_select_strategy="default" -1*a*b*c +2*a*b +110*d +6*d*e*e +414*d*f//e +18*d*g +2*h*g +4*d*h*g
  +8*d*d*g +2*a*i +1*a*j*i +3*a*k*i +2*k*j*i +2*l*m*i*n +2*m*a*i*n +1*l*a*i +64*m*a*i +32*l*m*i +1*a +2*o*a +1*a*d
  +1*a*a
vipllava VipLlavaForConditionalGeneration a:text_config.hidden_size=4096 b:text_config.vocab_size=32000
  c:tie_word_embeddings=0 d:text_config.num_hidden_layers=32 e:text_config.mlp_bias=0
  f:text_config.intermediate_size=11008 g:text_config.attention_bias=0 h:text_config.head_dim=128
  i:text_config.num_key_value_heads=32 h~ !text_config.model_type="llama" !vision_config.hidden_size=1024
  !vision_config.image_size=336 !vision_config.intermediate_size=4096 !vision_config.model_type="clip_vision_model"
  !vision_config.num_attention_heads=16 !vision_config.num_channels=3 !vision_config.num_hidden_layers=24
  !vision_config.patch_size=14 !vision_config.projection_dim=768 !vision_config.vocab_size=32000 -1*a*b*c +2*a*b
  +2*a*d +1*a*e*d +3*a*f*d +2*f*e*d +2*g*h*d*i +2*h*a*d*i +1*g*a*d +64*h*a*d +32*g*h*d +5123*a +1*a*a +303517696
vision-encoder-decoder VisionEncoderDecoderModel a:decoder.type_vocab_size=2 b:decoder.vocab_size=30522
  c:decoder.num_hidden_layers=12 d:decoder.add_cross_attention=1 e:decoder.intermediate_size=3072
  f:encoder.num_channels=3 g:encoder.patch_size=16 h:encoder.image_size=224 i:encoder.num_hidden_layers=12
  j:encoder.qkv_bias=1 k:encoder.intermediate_size=3072 l:decoder.is_decoder=1 d~+1*l l~+1*d
  !decoder.add_cross_attention=true !decoder.hidden_size=768 !decoder.max_position_embeddings=512
  !decoder.model_type="bert" !decoder.num_attention_heads=12 !decoder.tie_word_embeddings=true
  !encoder.hidden_size=768 !encoder.model_type="vit" !tie_word_embeddings=false +1581312 +768*a +769*b +2366208*c
  +28366848*d +1537*e*c +768*f*g*g +768*h//g*h//g +2304*i*j +2363904*i +1537*k*i
visual_bert VisualBertForPreTraining a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768
  d:bypass_transformer=0 e:intermediate_size=3072 f:max_position_embeddings=512 g:type_vocab_size=2
  h:visual_embedding_dim=512 i:num_hidden_layers=12 +2*a -1*b*a -1*c*b*a +2*c*a +9*c +2*c*c +2 +9*d*c +4*d*c*c +1*d*e
  +2*d*c*e +2*c*f +2*c*g +1*c*h +9*c*i +4*c*c*i +1*e*i +2*c*e*i
vit_msn ViTMSNForImageClassification a:#labels=2 b:hidden_size=768 c:num_channels=3 d:patch_size=16 e:image_size=224
  f:num_hidden_layers=12 g:qkv_bias=1 h:intermediate_size=3072 a~ +1*a +1*a*b +5*b +1*b*c*d*d +1*b*e//d*e//d
  +18*b//6*f*g +24*b*b//6*f +6*b*f +1*h*f +2*b*h*f
vitdet VitDetBackbone a:hidden_size=768 b:pretrain_image_size=224 c:patch_size=16 d:use_absolute_position_embeddings=1
  e:num_channels=3 f:num_hidden_layers=12 g:qkv_bias=1 h:use_relative_position_embeddings=0 i:mlp_ratio=4
  j:out_features/stage12=1 !out_features=["stage12"] !out_indices=[12] !residual_block_indices=[]
  !window_block_indices=[] !window_size=0 +1*a*b//c*b//c*d +1*a*d +1*a +1*a*e*c*c +6*a*f +4*a*a*f +3*a*f*g
  -6*a//3*f*c//2*h +6*a//4*f*c//2*h +102*a//3*f*h -102*a//4*f*h +1*a*i*f +2*a*a*i*f
vitpose VitPoseForPoseEstimation a:backbone_config.hidden_size=768 b:backbone_config.num_channels=3
  c:backbone_config.patch_size.0=16 d:backbone_config.patch_size.1=16 e:backbone_config.num_hidden_layers=12
  f:backbone_config.qkv_bias=1 g:backbone_config.mlp_ratio=4 h:use_simple_decoder=1 i:#labels=2 i~
  !backbone_config.model_type="vitpose_backbone" !backbone_config.num_experts=1
  !backbone_config.out_features=["stage4"] !backbone_config.out_indices=[4] +4676*a +1*a*b*c*d -12*a*c -12*a*d
  +3*a*e*f +4*a*a*e +6*a*e +1*a*g*e +2*a*a*g*e -1049600*h +1049600 +257*i -1024*i*h*h*h +768*i*h +4*i*a*h*h*h
  +4*i*a*h*h +1*i*a*h -4096*a*h
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
vivit VivitForVideoClassification a:#labels=2 b:num_channels=3 c:num_frames=32 d:num_hidden_layers=12 e:qkv_bias=1
  f:intermediate_size=3072 a~ !hidden_size=768 !image_size=224 !tubelet_size=[2,16,16] +769*a +3840 +393216*b +75264*c
  +2304*d*e +2363904*d +1537*f*d
xlm XLMWithLMHeadModel a:vocab_size=30145 b:emb_dim=2048 c:tie_word_embeddings=1 d:n_layers=12 e:n_langs=1
  f:max_position_embeddings=512 !asm=false !summary_type="first" +1*a -1*b*c*a +2*b*a +13*b*d +12*b*b*d +1*b*e*e//2
  -1*b*e*e//4 +2*b +1*b*f
xlm XLMForMultipleChoice a:#labels=2 b:summary_proj_to_labels=1 c:summary_use_proj=1 d:emb_dim=2048 e:n_layers=12
  f:vocab_size=30145 g:n_langs=1 h:max_position_embeddings=512 a~ !summary_type="first" +1 +1*a -2048*b*c +1*a*b*c
  +2048*c -2048*d*b*c +1*a*d*b*c +2048*d*c +13*d*e +12*d*d*e +1*d*f +1*d*g*g//2 +2*d +1*d*h
xlm-roberta-xl XLMRobertaXLForCausalLM a:vocab_size=250880 b:tie_word_embeddings=1 c:hidden_size=2560
  d:max_position_embeddings=514 e:type_vocab_size=1 f:num_hidden_layers=36 g:intermediate_size=10240
  !add_cross_attention=false +2*a -1*b*a -1*c*b*a +2*c*a +5*c +1*c*c +1*c*d +1*c*e +9*c*f +4*c*c*f +1*g*f +2*c*g*f
xmod XmodForMaskedLM a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=512
  e:type_vocab_size=2 f:pre_norm=0 g:num_hidden_layers=12 h:intermediate_size=3072 i:adapter_layer_norm=0
  !add_cross_attention=false !default_language=null !languages=["en_XX"] +2*a -1*b*a -1*c*b*a +2*c*a +5*c +1*c*c
  +1*c*d +1*c*e +2*c*f +10*c*g +4*c*c*g +1*h*g +2*c*h*g +2*i*c*g +1*c//2*g +2*c*c//2*g
xmod XmodForCausalLM a:vocab_size=30522 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=512
  e:type_vocab_size=2 f:pre_norm=0 g:num_hidden_layers=12 h:intermediate_size=3072 i:adapter_layer_norm=0
  !add_cross_attention=false !default_language=null !languages=["en_XX"] +2*a -1*b*a -1*c*b*a +2*c*a +5*c +1*c*c
  +1*c*d +1*c*e +2*c*f +10*c*g +4*c*c*g +1*h*g +2*c*h*g +2*i*c*g +1*c//2*g +2*c*c//2*g
yoso YosoForMaskedLM a:vocab_size=50265 b:tie_word_embeddings=1 c:hidden_size=768 d:max_position_embeddings=4096
  e:type_vocab_size=1 f:num_hidden_layers=12 g:intermediate_size=3072 !conv_window=null +2*a -1*b*a -1*c*b*a +2*c*a
  +7*c +1*c*c +1*c*d +1*c*e +9*c*f +4*c*c*f +1*g*f +2*c*g*f
zoedepth ZoeDepthForDepthEstimation a:backbone_config.hidden_size=1024 b:backbone_config.num_channels=3
  c:backbone_config.patch_size=16 d:backbone_config.image_size=384
  e:backbone_config.use_absolute_position_embeddings=0 f:backbone_config.use_mean_pooling=1
  g:backbone_config.num_attention_heads=16 h:backbone_config.num_hidden_layers=24
  i:backbone_config.intermediate_size=4096 j:backbone_config.use_relative_position_bias=1
  k:backbone_config.use_shared_relative_position_bias=0 l:backbone_config.add_fpn=0 m:bin_embedding_dim=128
  n:num_attractors.0=16 o:num_attractors.1=8 p:num_attractors.2=4 q:num_attractors.3=1 r:bottleneck_features=256
  s:fusion_hidden_size=256 t:neck_hidden_sizes.0=96 u:neck_hidden_sizes.1=192 v:neck_hidden_sizes.2=384
  w:neck_hidden_sizes.3=768 x:use_batch_norm_in_fusion_residual=0 y:add_projection=0 !attractor_kind="mean"
  !backbone_config.model_type="beit" !backbone_config.out_features=["stage6","stage12","stage18","stage24"]
  !backbone_config.out_indices=[6,12,18,24] !backbone_hidden_size=1024 !bin_centers_type="softplus"
  !bin_configurations=[{"n_bins":64,"min_depth":0.001,"max_depth":10.0}] !head_in_index=-1
  !num_patch_transformer_layers=null !num_relative_features=32 !patch_transformer_hidden_size=null
  !patch_transformer_intermediate_size=null !patch_transformer_num_attention_heads=null !readout_type="project"
  !use_bias_in_fusion_residual=null +8*a +1*a*b*c*c +1*a*d//c*d//c*e +1*a*e -2*a*f +4*a*a//g*g*h +8*a*h +2*a//g*g*h
  +1*i*h +2*a*i*h -4*d//c*g*h*j +4*d//c*d//c*g*h*j +4*g*h*j -35*g*c*k +140*d//c*g*k -588*g*k +5*l*a +12*l*a*a +665*m
  +4*m*m +1*n +1*o +1*p +1*q +1*m*n +1*m*o +1*m*p +1*m*q +38*m//2 +18021 +1*m*m//2 +385*r +1*r*r +532*s +9*s*t +9*s*u
  +9*s*v +9*s*w +148*s*s +16*s*x +2*t +2*u +1*v +2*w +1*a*t +1*a*u +1*a*v +1*a*w +16*t*t +4*u*u +9*w*w +8*a*a
  +289*s//2 +9*s*s//2 +590080*y
"""
