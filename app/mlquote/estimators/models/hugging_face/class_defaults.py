"""What a Hugging Face configuration class takes where a file is silent, one type a paragraph.

Written by `benchmarks/hf_class_defaults.py` from transformers 5.24.0 and diffusers 0.42.1; only names that
a reader of this room mentions are here. A nested object names its type and where it departs from that type's defaults.
"""

import json
from functools import cache
from typing import Any


@cache
def class_defaults(name: str) -> dict[str, Any]:
    """Field -> default of a model_type or a diffusers class; empty for one that is not known.

    Args:
        name: as the file says it.

    Returns: values as JSON has them.

    Source: the libraries named above.
    """
    said = _paragraphs().get(name, "")
    return {key: json.loads(value) for key, _, value in (word.partition("=") for word in said.split())}


@cache
def _paragraphs() -> dict[str, str]:
    flat = TABLE.replace("\n ", " ").strip().splitlines()
    return {name: rest for name, _, rest in (line.partition(" ") for line in flat)}


TABLE = """
albert vocab_size=30000 embedding_size=128 hidden_size=4096 num_hidden_layers=12 num_hidden_groups=1
  num_attention_heads=64 intermediate_size=16384 inner_group_num=1 max_position_embeddings=512 type_vocab_size=2
  tie_word_embeddings=true
apertus vocab_size=131072 hidden_size=4096 intermediate_size=14336 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=65536 tie_word_embeddings=false attention_bias=false
arcee vocab_size=32000 hidden_size=2560 intermediate_size=18432 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false mlp_bias=false
audio-spectrogram-transformer hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  patch_size=16 qkv_bias=true frequency_stride=10 time_stride=10 max_length=1024 num_mel_bins=128
axk1 vocab_size=163840 hidden_size=7168 intermediate_size=18432 moe_intermediate_size=2048 num_hidden_layers=61
  num_attention_heads=64 num_key_value_heads=64 n_shared_experts=1 n_routed_experts=192 kv_lora_rank=512
  q_lora_rank=1536 qk_rope_head_dim=64 v_head_dim=128 qk_nope_head_dim=128 num_experts_per_tok=8
  max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false
bailing_hybrid vocab_size=157184 hidden_size=2560 intermediate_size=6144 moe_intermediate_size=768
  num_hidden_layers=42 num_attention_heads=32 num_key_value_heads=32 n_shared_experts=1 kv_lora_rank=512
  qk_rope_head_dim=64 v_head_dim=128 qk_nope_head_dim=128 num_experts_per_tok=8 first_k_dense_replace=2
  max_position_embeddings=262144 tie_word_embeddings=false attention_bias=false num_mtp_layers=1 num_local_experts=512
  head_dim=128 short_conv_kernel_size=4 layer_group_size=6
bamba vocab_size=128000 tie_word_embeddings=false hidden_size=4096 intermediate_size=14336 num_hidden_layers=32
  num_attention_heads=32 num_key_value_heads=8 max_position_embeddings=262144 mamba_n_heads=128 mamba_n_groups=1
  mamba_d_state=256 mamba_d_conv=4 mamba_expand=2 mamba_conv_bias=true mamba_proj_bias=false attention_bias=false
  mlp_bias=false
bart vocab_size=50265 max_position_embeddings=1024 encoder_layers=12 encoder_ffn_dim=4096 encoder_attention_heads=16
  decoder_layers=12 decoder_ffn_dim=4096 d_model=1024 tie_word_embeddings=true
beit vocab_size=8192 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=224
  patch_size=16 num_channels=3 use_mask_token=false use_absolute_position_embeddings=false
  use_relative_position_bias=false use_shared_relative_position_bias=false use_mean_pooling=true
bert vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 add_cross_attention=false tie_word_embeddings=true
big_bird vocab_size=50358 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=4096 type_vocab_size=2 attention_type="block_sparse" use_bias=true add_cross_attention=false
  tie_word_embeddings=true
bitnet vocab_size=128256 hidden_size=2560 intermediate_size=6912 num_hidden_layers=30 num_attention_heads=20
  num_key_value_heads=5 max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false
blenderbot vocab_size=8008 max_position_embeddings=128 encoder_layers=2 encoder_ffn_dim=10240
  encoder_attention_heads=32 decoder_layers=24 decoder_ffn_dim=10240 d_model=2560 tie_word_embeddings=true
blenderbot-small vocab_size=50265 max_position_embeddings=512 encoder_layers=8 encoder_ffn_dim=2048
  encoder_attention_heads=16 decoder_layers=8 decoder_ffn_dim=2048 d_model=512 tie_word_embeddings=true
blip-2 num_query_tokens=32 text_config={"model_type":"opt"} vision_config={"model_type":"blip_2_vision_model"}
  qformer_config={"model_type":"blip_2_qformer"}
blip_2_qformer vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 cross_attention_frequency=2 encoder_hidden_size=1408 use_qformer_text_input=false
blip_2_vision_model hidden_size=1408 intermediate_size=6144 num_hidden_layers=39 num_attention_heads=16 image_size=224
  patch_size=14 qkv_bias=true
bloom vocab_size=250880 hidden_size=64 n_layer=2 n_head=8 tie_word_embeddings=true
camembert vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 add_cross_attention=false tie_word_embeddings=true
clip projection_dim=512 vision_config={"model_type":"clip_vision_model"} text_config={"model_type":"clip_text_model"}
clip_text_model vocab_size=49408 hidden_size=512 intermediate_size=2048 projection_dim=512 num_hidden_layers=12
  num_attention_heads=8 max_position_embeddings=77
clip_vision_model hidden_size=768 intermediate_size=3072 projection_dim=512 num_hidden_layers=12
  num_attention_heads=12 num_channels=3 image_size=224 patch_size=32
codegen vocab_size=50400 n_positions=2048 n_ctx=2048 n_embd=4096 n_layer=28 n_head=16 tie_word_embeddings=false
cohere vocab_size=256000 hidden_size=8192 intermediate_size=22528 num_hidden_layers=40 num_attention_heads=64
  max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false use_qk_norm=false
cohere2 vocab_size=256000 hidden_size=8192 intermediate_size=22528 num_hidden_layers=40 num_attention_heads=64
  max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false sliding_window=4096
cohere2_moe vocab_size=256000 hidden_size=8192 intermediate_size=22528 num_hidden_layers=40 num_attention_heads=64
  head_dim=128 max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false sliding_window=4096
  num_experts_per_tok=2 num_experts=8 num_shared_experts=0 sliding_window_pattern=4
colqwen2 embedding_dim=128
  vlm_config={"vision_config":{"model_type":"qwen2_vl_vision"},"text_config":{"model_type":"qwen2_vl_text"},"model_type":"qwen2_vl"}
convbert vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 embedding_size=768 head_ratio=2 conv_kernel_size=9 num_groups=1
  add_cross_attention=false tie_word_embeddings=true
convnext num_channels=3 patch_size=4 num_stages=4 hidden_sizes=[96,192,384,768] depths=[3,3,9,3] image_size=224
convnextv2 num_channels=3 patch_size=4 num_stages=4 hidden_sizes=[96,192,384,768] depths=[3,3,9,3] image_size=224
ctrl vocab_size=246534 n_positions=256 n_embd=1280 dff=8192 n_layer=48 n_head=16 tie_word_embeddings=true
cwm vocab_size=128256 hidden_size=6144 intermediate_size=21504 num_hidden_layers=64 num_attention_heads=48
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false mlp_bias=false head_dim=128
  sliding_window=8192
deberta vocab_size=50265 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=0 relative_attention=false max_relative_positions=-1
  position_biased_input=true tie_word_embeddings=true
deberta-v2 vocab_size=128100 hidden_size=1536 num_hidden_layers=24 num_attention_heads=24 intermediate_size=6144
  max_position_embeddings=512 type_vocab_size=0 relative_attention=false max_relative_positions=-1
  position_biased_input=true tie_word_embeddings=true
deepseek_v2 vocab_size=102400 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false mlp_bias=false first_k_dense_replace=0
  kv_lora_rank=512 q_lora_rank=1536 n_routed_experts=64 n_shared_experts=2 qk_nope_head_dim=128 qk_rope_head_dim=64
  v_head_dim=128 moe_intermediate_size=1407
deepseek_v3 vocab_size=129280 hidden_size=7168 intermediate_size=18432 moe_intermediate_size=2048 num_hidden_layers=61
  num_attention_heads=128 num_key_value_heads=128 n_shared_experts=1 n_routed_experts=256 kv_lora_rank=512
  q_lora_rank=1536 qk_rope_head_dim=64 v_head_dim=128 qk_nope_head_dim=128 num_experts_per_tok=8
  first_k_dense_replace=3 max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false num_mtp_layers=1
deepseek_v32 vocab_size=129280 hidden_size=7168 intermediate_size=18432 moe_intermediate_size=2048
  num_hidden_layers=61 num_attention_heads=128 num_key_value_heads=128 n_shared_experts=1 n_routed_experts=256
  kv_lora_rank=512 q_lora_rank=1536 qk_rope_head_dim=64 v_head_dim=128 qk_nope_head_dim=128 num_experts_per_tok=8
  max_position_embeddings=163840 tie_word_embeddings=false attention_bias=false index_topk=2048 index_head_dim=128
  index_n_heads=64 mlp_bias=false head_dim=64 first_k_dense_replace=3
deepseek_v4 vocab_size=129280 hidden_size=4096 moe_intermediate_size=2048 num_hidden_layers=43 num_attention_heads=64
  num_key_value_heads=1 head_dim=512 q_lora_rank=1024 num_experts_per_tok=6 n_routed_experts=256 n_shared_experts=1
  max_position_embeddings=1048576 hc_mult=4 sliding_window=128 o_groups=8 o_lora_rank=1024 index_n_heads=64
  index_head_dim=128 index_topk=512 num_nextn_predict_layers=1 tie_word_embeddings=false attention_bias=false
  mlp_bias=false
deepseek_vl tie_word_embeddings=true vision_config={"model_type":"siglip_vision_model"}
  text_config={"model_type":"llama"}
deit hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=224 patch_size=16
  num_channels=3 qkv_bias=true
depth_anything patch_size=14 reassemble_hidden_size=384 reassemble_factors=[4,2,1,0.5]
  neck_hidden_sizes=[48,96,192,384] fusion_hidden_size=64 head_hidden_size=32
  backbone_config={"hidden_size":384,"num_attention_heads":6,"image_size":518,"model_type":"dinov2"}
diffllama vocab_size=32000 hidden_size=2048 intermediate_size=8192 num_hidden_layers=16 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false
dinov2 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 mlp_ratio=4 image_size=224 patch_size=14
  num_channels=3 qkv_bias=true use_swiglu_ffn=false use_mask_token=true
dinov2_with_registers hidden_size=768 num_hidden_layers=12 num_attention_heads=12 mlp_ratio=4 image_size=224
  patch_size=16 num_channels=3 qkv_bias=true use_swiglu_ffn=false num_register_tokens=4
dinov3_convnext num_channels=3 image_size=224
dinov3_vit patch_size=16 hidden_size=384 intermediate_size=1536 num_hidden_layers=12 num_attention_heads=6
  image_size=224 num_channels=3 query_bias=true key_bias=false value_bias=true proj_bias=true mlp_bias=true
  use_gated_mlp=false num_register_tokens=0
distilbert vocab_size=30522 max_position_embeddings=512 n_layers=6 n_heads=12 dim=768 hidden_dim=3072
  tie_word_embeddings=true
doge vocab_size=32768 hidden_size=1024 intermediate_size=2048 num_hidden_layers=32 tie_word_embeddings=false
  max_position_embeddings=2048 num_attention_heads=8 attention_bias=false mlp_bias=false is_moe=false
  num_experts=16384 num_experts_per_tok=64
donut-swin image_size=224 patch_size=4 num_channels=3 embed_dim=96 depths=[2,2,6,2] num_heads=[3,6,12,24]
  window_size=7 mlp_ratio=4.0 qkv_bias=true use_absolute_embeddings=false
dots1 vocab_size=152064 hidden_size=4608 intermediate_size=10944 moe_intermediate_size=1408 num_hidden_layers=62
  num_attention_heads=32 num_key_value_heads=32 first_k_dense_replace=0 max_position_embeddings=2048
  tie_word_embeddings=false attention_bias=false sliding_window=4096 max_window_layers=62
electra vocab_size=30522 embedding_size=128 hidden_size=256 num_hidden_layers=12 num_attention_heads=4
  intermediate_size=1024 max_position_embeddings=512 type_vocab_size=2 add_cross_attention=false
  tie_word_embeddings=true
encodec audio_channels=1 hidden_size=128 num_filters=32 num_residual_layers=1 upsampling_ratios=[8,5,4,2]
  norm_type="weight_norm" kernel_size=7 last_kernel_size=7 residual_kernel_size=3 compress=2 num_lstm_layers=2
  use_conv_shortcut=true
encoder-decoder encoder={"model_type":"bert"} decoder={"add_cross_attention":true,"model_type":"bert"}
ernie4_5 vocab_size=103424 hidden_size=1024 intermediate_size=3072 num_hidden_layers=18 num_attention_heads=16
  num_key_value_heads=2 max_position_embeddings=131072 tie_word_embeddings=true use_bias=false head_dim=128
ernie4_5_moe vocab_size=103424 hidden_size=2560 intermediate_size=12288 num_hidden_layers=28 num_attention_heads=20
  num_key_value_heads=4 max_position_embeddings=131072 tie_word_embeddings=true use_bias=false
  moe_intermediate_size=1536 moe_k=6 moe_num_experts=64 moe_num_shared_experts=2 moe_layer_start_index=1
  moe_layer_end_index=-1 moe_layer_interval=1
ernie4_5_vl_moe tie_word_embeddings=true vision_config={"model_type":"ernie4_5_vl_moe_vision"}
  text_config={"model_type":"ernie4_5_vl_moe_text"}
ernie4_5_vl_moe_text vocab_size=103424 hidden_size=2560 intermediate_size=12288 num_hidden_layers=28
  num_attention_heads=20 num_key_value_heads=4 max_position_embeddings=131072 tie_word_embeddings=true use_bias=false
  moe_k=6 moe_num_experts=64 moe_num_shared_experts=2
ernie4_5_vl_moe_vision depth=32 hidden_size=1280 num_heads=16 in_channels=3 patch_size=14 spatial_merge_size=2
  intermediate_size=5120 temporal_merge_size=2
esm hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 max_position_embeddings=1026
  position_embedding_type="absolute" add_cross_attention=false tie_word_embeddings=true
eurobert vocab_size=128256 hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12
  max_position_embeddings=8192 tie_word_embeddings=false attention_bias=false mlp_bias=false
exaone vocab_size=102400 hidden_size=4096 intermediate_size=14336 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false mlp_bias=false
exaone4 vocab_size=102400 hidden_size=4096 intermediate_size=16384 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=32 max_position_embeddings=2048 tie_word_embeddings=false sliding_window=4096
  sliding_window_pattern=4
exaone4_5 tie_word_embeddings=false vision_config={"model_type":"exaone4_5_vision"}
  text_config={"model_type":"exaone4"}
exaone4_5_vision depth=32 hidden_size=3584 intermediate_size=3420 num_heads=16 in_channels=3 patch_size=14
  spatial_merge_size=2 temporal_patch_size=2 window_size=112 out_hidden_size=3584 num_key_value_heads=8
exaone_moe vocab_size=102400 hidden_size=4096 intermediate_size=16384 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=32 max_position_embeddings=2048 tie_word_embeddings=false sliding_window=4096
  sliding_window_pattern=4 first_k_dense_replace=1 moe_intermediate_size=1024 num_experts=64 num_experts_per_tok=8
  num_shared_experts=1
falcon vocab_size=65024 hidden_size=4544 num_hidden_layers=32 num_attention_heads=71 new_decoder_architecture=false
  multi_query=true parallel_attn=true bias=false max_position_embeddings=2048 tie_word_embeddings=true
falcon_h1 vocab_size=128000 tie_word_embeddings=false hidden_size=4096 intermediate_size=14336 num_hidden_layers=32
  num_attention_heads=32 num_key_value_heads=8 max_position_embeddings=8192 mamba_d_ssm=1024 mamba_n_heads=128
  mamba_n_groups=1 mamba_d_state=256 mamba_d_conv=4 mamba_expand=2 mamba_conv_bias=true mamba_proj_bias=false
  mamba_rms_norm=false projectors_bias=false attention_bias=false mlp_bias=false
falcon_mamba vocab_size=50280 hidden_size=768 state_size=16 num_hidden_layers=32 expand=2 conv_kernel=4 use_bias=false
  use_conv_bias=true time_step_rank="auto" tie_word_embeddings=true
fast_vlm vision_feature_layer=-1 multimodal_projector_bias=true tie_word_embeddings=false
  vision_config={"model_type":"timm_wrapper"}
  text_config={"vocab_size":152128,"hidden_size":3584,"intermediate_size":18944,"num_hidden_layers":28,"num_attention_heads":28,"num_key_value_heads":4,"model_type":"qwen2"}
flex_olmo vocab_size=100352 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false num_experts_per_tok=5 num_experts=7
fnet vocab_size=32000 hidden_size=768 num_hidden_layers=12 intermediate_size=3072 max_position_embeddings=512
  type_vocab_size=4 tie_word_embeddings=true
funnel vocab_size=30522 block_sizes=[4,4,4] num_decoder_layers=2 d_model=768 n_head=12 d_head=64 d_inner=3072
  attention_type="relative_shift" tie_word_embeddings=true
gemma vocab_size=256000 hidden_size=3072 intermediate_size=24576 num_hidden_layers=28 num_attention_heads=16
  num_key_value_heads=16 head_dim=256 max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false
gemma2 vocab_size=256000 hidden_size=2304 intermediate_size=9216 num_hidden_layers=26 num_attention_heads=8
  num_key_value_heads=4 head_dim=256 max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false
  sliding_window=4096
gemma3 tie_word_embeddings=true text_config={"model_type":"gemma3_text"}
  vision_config={"model_type":"siglip_vision_model"}
gemma3_text vocab_size=262208 hidden_size=2304 intermediate_size=9216 num_hidden_layers=26 num_attention_heads=8
  num_key_value_heads=4 head_dim=256 max_position_embeddings=131072 tie_word_embeddings=true attention_bias=false
  sliding_window=4096
gemma3n_text vocab_size=262400 hidden_size=2048 intermediate_size=16384 num_hidden_layers=35 num_attention_heads=8
  num_key_value_heads=2 head_dim=256 max_position_embeddings=32768 tie_word_embeddings=true attention_bias=false
  sliding_window=512 vocab_size_per_layer_input=262144 hidden_size_per_layer_input=256 altup_num_inputs=4
  num_kv_shared_layers=15 laurel_rank=64
gemma4 tie_word_embeddings=true text_config={"model_type":"gemma4_text"}
gemma4_text vocab_size=262144 hidden_size=2304 intermediate_size=9216 num_hidden_layers=30 num_attention_heads=8
  num_key_value_heads=4 head_dim=256 max_position_embeddings=131072 tie_word_embeddings=true attention_bias=false
  sliding_window=512 vocab_size_per_layer_input=262144 hidden_size_per_layer_input=256 attention_k_eq_v=false
  num_kv_shared_layers=0 enable_moe_block=false use_double_wide_mlp=false
gemma4_vision hidden_size=768 intermediate_size=3072 num_hidden_layers=16 num_attention_heads=12
  num_key_value_heads=12 head_dim=64 max_position_embeddings=131072 attention_bias=false patch_size=16
  position_embedding_size=10240
glm vocab_size=151552 hidden_size=4096 intermediate_size=13696 num_hidden_layers=40 num_attention_heads=32
  num_key_value_heads=2 head_dim=128 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=true
glm4 vocab_size=151552 hidden_size=4096 intermediate_size=13696 num_hidden_layers=40 num_attention_heads=32
  num_key_value_heads=2 head_dim=128 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=true
glm4_moe vocab_size=151552 hidden_size=4096 intermediate_size=10944 num_hidden_layers=46 num_attention_heads=96
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=false
  moe_intermediate_size=1408 num_experts_per_tok=8 n_shared_experts=1 n_routed_experts=128 first_k_dense_replace=1
  use_qk_norm=false num_mtp_layers=1
glm4_moe_lite vocab_size=154880 hidden_size=2048 intermediate_size=10240 moe_intermediate_size=1536
  num_hidden_layers=47 num_attention_heads=20 num_key_value_heads=20 n_shared_experts=1 n_routed_experts=64
  kv_lora_rank=512 q_lora_rank=768 qk_rope_head_dim=64 v_head_dim=256 qk_nope_head_dim=192 num_experts_per_tok=4
  max_position_embeddings=202752 tie_word_embeddings=false attention_bias=false
glm4v tie_word_embeddings=false vision_config={"model_type":"glm4v_vision"} text_config={"model_type":"glm4v_text"}
glm4v_moe tie_word_embeddings=false vision_config={"model_type":"glm4v_moe_vision"}
  text_config={"model_type":"glm4v_moe_text"}
glm4v_moe_text vocab_size=151424 hidden_size=4096 intermediate_size=10944 num_hidden_layers=46 num_attention_heads=96
  num_key_value_heads=8 max_position_embeddings=65536 tie_word_embeddings=false attention_bias=true
  moe_intermediate_size=1408 num_experts_per_tok=8 n_shared_experts=1 n_routed_experts=128 first_k_dense_replace=1
glm4v_moe_vision depth=24 hidden_size=1536 attention_bias=false num_heads=12 in_channels=3 image_size=336
  patch_size=14 spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=4096 intermediate_size=13696
glm4v_text vocab_size=151552 hidden_size=4096 intermediate_size=13696 num_hidden_layers=40 num_attention_heads=32
  num_key_value_heads=2 max_position_embeddings=32768
glm4v_vision depth=24 hidden_size=1536 attention_bias=false num_heads=12 in_channels=3 image_size=336 patch_size=14
  spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=4096 intermediate_size=13696
glm_moe_dsa vocab_size=154880 hidden_size=6144 intermediate_size=12288 moe_intermediate_size=2048 num_hidden_layers=78
  num_attention_heads=64 num_key_value_heads=64 n_shared_experts=1 n_routed_experts=256 kv_lora_rank=512
  q_lora_rank=2048 qk_rope_head_dim=64 v_head_dim=256 qk_nope_head_dim=192 num_experts_per_tok=8
  max_position_embeddings=202752 tie_word_embeddings=false attention_bias=false index_topk=2048 index_head_dim=128
  index_n_heads=32 mlp_bias=false head_dim=64 first_k_dense_replace=3
got_ocr2 tie_word_embeddings=true
  text_config={"vocab_size":151860,"hidden_size":1024,"intermediate_size":2816,"num_hidden_layers":24,"num_attention_heads":16,"num_key_value_heads":16,"tie_word_embeddings":true,"max_window_layers":21,"model_type":"qwen2"}
  vision_config={"global_attn_indexes":[2,5,8,11],"model_type":"got_ocr2_vision"}
got_ocr2_vision hidden_size=768 output_channels=256 num_hidden_layers=12 num_attention_heads=12 num_channels=3
  image_size=1024 patch_size=16 qkv_bias=true use_abs_pos=true use_rel_pos=true window_size=14
  global_attn_indexes=[2,5,8,11] mlp_dim=3072
gpt2 vocab_size=50257 n_positions=1024 n_embd=768 n_layer=12 n_head=12 add_cross_attention=false
  tie_word_embeddings=true
gpt_bigcode vocab_size=50257 n_positions=1024 n_embd=768 n_layer=12 n_head=12 multi_query=true
  add_cross_attention=false tie_word_embeddings=true
gpt_neo vocab_size=50257 max_position_embeddings=2048 hidden_size=2048 num_layers=24 num_heads=16 window_size=256
  tie_word_embeddings=true
gpt_neox vocab_size=50432 hidden_size=6144 num_hidden_layers=44 num_attention_heads=64 intermediate_size=24576
  max_position_embeddings=2048 tie_word_embeddings=false use_parallel_residual=true attention_bias=true
gpt_oss num_hidden_layers=36 num_local_experts=128 vocab_size=201088 hidden_size=2880 intermediate_size=2880
  head_dim=64 num_attention_heads=64 num_key_value_heads=8 sliding_window=128 tie_word_embeddings=false
  max_position_embeddings=131072 num_experts_per_tok=4 attention_bias=true
gptj vocab_size=50400 n_positions=2048 n_embd=4096 n_layer=28 n_head=16 tie_word_embeddings=false
granite vocab_size=32000 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false mlp_bias=false
granitemoe vocab_size=32000 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false num_local_experts=8
  num_experts_per_tok=2
granitemoehybrid vocab_size=32000 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false num_local_experts=8
  num_experts_per_tok=2 shared_intermediate_size=1024 mamba_n_heads=128 mamba_n_groups=1 mamba_d_state=256
  mamba_d_conv=4 mamba_expand=2 mamba_conv_bias=true mamba_proj_bias=false
granitemoeshared vocab_size=32000 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false num_local_experts=8
  num_experts_per_tok=2 shared_intermediate_size=0
gte vocab_size=250048 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=8192 type_vocab_size=1 tie_word_embeddings=true
helium vocab_size=48000 hidden_size=2560 intermediate_size=7040 num_hidden_layers=24 num_attention_heads=20
  num_key_value_heads=20 head_dim=128 max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false
  mlp_bias=false
hiera embed_dim=96 image_size=[224,224] patch_size=[7,7] patch_stride=[4,4] mlp_ratio=4.0 depths=[2,3,16,3]
  num_heads=[1,2,4,8] embed_dim_multiplier=2.0 num_channels=3 mask_ratio=0.6
hubert vocab_size=32 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  feat_proj_layer_norm=true feat_extract_norm="group" conv_dim=[512,512,512,512,512,512,512]
  conv_kernel=[10,3,3,3,3,2,2] conv_bias=false num_conv_pos_embeddings=128 num_conv_pos_embedding_groups=16
  conv_pos_batch_norm=false use_weighted_layer_sum=false classifier_proj_size=256
hunyuan_v1_dense vocab_size=290943 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32
  num_attention_heads=32 max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false
hunyuan_v1_moe vocab_size=290943 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false num_experts=1 moe_topk=1
hy_v3 vocab_size=120832 hidden_size=4096 intermediate_size=13312 num_hidden_layers=80 num_attention_heads=64
  num_key_value_heads=8 head_dim=128 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=false
  mlp_bias=false num_experts=192 num_experts_per_tok=8 num_shared_experts=1 moe_intermediate_size=1536
ibert vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 tie_word_embeddings=true
idefics2 tie_word_embeddings=false text_config={"max_position_embeddings":32768,"model_type":"mistral"}
  vision_config={"model_type":"idefics2_vision"} perceiver_config={"model_type":"idefics2_perceiver"}
idefics2_perceiver hidden_size=4096 resampler_n_latents=64 resampler_depth=3 resampler_n_heads=16
  resampler_head_dim=96 num_key_value_heads=4
idefics2_vision hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12 num_channels=3
  image_size=224 patch_size=32
idefics3 tie_word_embeddings=false scale_factor=2 text_config={"model_type":"llama"}
  vision_config={"model_type":"idefics3_vision"}
idefics3_vision hidden_size=1152 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=16 num_channels=3
  image_size=224 patch_size=32
ijepa hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=224 patch_size=16
  num_channels=3 qkv_bias=true
instructblip num_query_tokens=32 text_config={"model_type":"opt"}
  vision_config={"model_type":"instructblip_vision_model"} qformer_config={"model_type":"instructblip_qformer"}
instructblip_qformer vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12
  intermediate_size=3072 max_position_embeddings=512 cross_attention_frequency=2 encoder_hidden_size=1408
instructblip_vision_model hidden_size=1408 intermediate_size=6144 num_hidden_layers=39 num_attention_heads=16
  image_size=224 patch_size=14 qkv_bias=true
internlm3 vocab_size=128512 hidden_size=4096 intermediate_size=10240 num_hidden_layers=48 num_attention_heads=32
  num_key_value_heads=2 max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false mlp_bias=false
  head_dim=128
internvl downsample_ratio=0.5 vision_feature_layer=-1 tie_word_embeddings=true text_config={"model_type":"qwen2"}
  vision_config={"image_size":[448,448],"patch_size":[14,14],"model_type":"internvl_vision"}
internvl_vision hidden_size=1024 num_hidden_layers=24 num_attention_heads=16 attention_bias=false use_qk_norm=false
  intermediate_size=4096 norm_type="layer_norm" image_size=[448,448] patch_size=[14,14] num_channels=3
  use_mask_token=false use_absolute_position_embeddings=true use_mean_pooling=true
iquestcoder vocab_size=76800 hidden_size=5120 intermediate_size=27648 num_hidden_layers=80 num_attention_heads=40
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=false mlp_bias=false
  head_dim=128
jais2 vocab_size=150272 hidden_size=3328 intermediate_size=26624 num_hidden_layers=32 num_attention_heads=26
  max_position_embeddings=8192 tie_word_embeddings=false attention_bias=true mlp_bias=true
jamba vocab_size=65536 tie_word_embeddings=false hidden_size=4096 intermediate_size=14336 num_hidden_layers=32
  num_attention_heads=32 num_key_value_heads=8 max_position_embeddings=262144 num_experts_per_tok=2 num_experts=16
  expert_layer_period=2 expert_layer_offset=1 attn_layer_period=8 attn_layer_offset=4 mamba_d_state=16 mamba_d_conv=4
  mamba_expand=2 mamba_dt_rank="auto" mamba_conv_bias=true mamba_proj_bias=false
jetmoe vocab_size=32000 hidden_size=2048 num_hidden_layers=12 num_key_value_heads=16 kv_channels=128
  intermediate_size=5632 max_position_embeddings=4096 num_local_experts=8 num_experts_per_tok=2
  tie_word_embeddings=true
kimi_k25 projection_hidden_size=1152 tie_word_embeddings=true text_config={"model_type":"deepseek_v3"}
  vision_config={"merge_kernel_size":[2,2],"model_type":"kimi_k25_vision"}
kimi_k25_vision patch_size=14 pos_emb_height=64 pos_emb_width=64 num_attention_heads=16 num_hidden_layers=27
  hidden_size=1152 intermediate_size=4304 merge_kernel_size=[2,2]
kimi_linear vocab_size=163840 hidden_size=2304 intermediate_size=9216 moe_intermediate_size=1024 num_hidden_layers=27
  num_attention_heads=32 num_key_value_heads=32 n_shared_experts=1 kv_lora_rank=512 qk_rope_head_dim=64 v_head_dim=128
  qk_nope_head_dim=128 num_experts_per_tok=8 max_position_embeddings=1048576 tie_word_embeddings=false
  attention_bias=false num_local_experts=256 linear_head_dim=128 linear_num_heads=32 linear_conv_kernel_dim=4
laguna vocab_size=100352 hidden_size=2048 intermediate_size=8192 num_hidden_layers=40 num_attention_heads=48
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false sliding_window=512
  moe_intermediate_size=512 shared_expert_intermediate_size=512 num_experts_per_tok=8 num_experts=256 head_dim=128
  attention_bias=false gating=true
layoutlmv3 vocab_size=50265 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 max_2d_position_embeddings=1024 coordinate_size=128 shape_size=128
  has_relative_attention_bias=true rel_pos_bins=32 rel_2d_pos_bins=64 has_spatial_attention_bias=true text_embed=true
  visual_embed=true input_size=224 num_channels=3 patch_size=16
led vocab_size=50265 max_encoder_position_embeddings=16384 max_decoder_position_embeddings=1024 encoder_layers=12
  encoder_ffn_dim=4096 encoder_attention_heads=16 decoder_layers=12 decoder_ffn_dim=4096 d_model=1024
  tie_word_embeddings=true
lfm2 vocab_size=65536 hidden_size=2560 intermediate_size=12288 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=128000 tie_word_embeddings=true conv_bias=false conv_L_cache=3
  block_multiple_of=256 block_ffn_dim_multiplier=1.0 block_auto_adjust_ff_dim=true
lfm2_moe vocab_size=65536 hidden_size=2048 intermediate_size=7168 moe_intermediate_size=1792 num_hidden_layers=32
  tie_word_embeddings=true max_position_embeddings=128000 num_attention_heads=32 num_key_value_heads=8 conv_bias=false
  conv_L_cache=3 num_dense_layers=2 num_experts_per_tok=4 num_experts=32
lfm2_vl projector_hidden_size=2560 projector_bias=true projector_use_layernorm=true downsample_factor=2
  tie_word_embeddings=true vision_config={"model_type":"siglip2_vision_model"} text_config={"model_type":"lfm2"}
lfm3 vocab_size=128000 hidden_size=2048 intermediate_size=7680 num_hidden_layers=24 num_attention_heads=16
  num_key_value_heads=4 max_position_embeddings=128000 tie_word_embeddings=true conv_bias=false conv_L_cache=7
  head_dim=128 sliding_window=256 use_sandwich_norm=true use_attention_gate=true attention_bias=false
llama vocab_size=32000 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false mlp_bias=false
llama4 tie_word_embeddings=false text_config={"model_type":"llama4_text"}
  vision_config={"model_type":"llama4_vision_model"}
llama4_text vocab_size=202048 hidden_size=5120 intermediate_size=8192 intermediate_size_mlp=16384 num_hidden_layers=48
  num_attention_heads=40 num_key_value_heads=8 head_dim=128 max_position_embeddings=131072 tie_word_embeddings=false
  num_experts_per_tok=1 num_local_experts=16 interleave_moe_layer_step=1 use_qk_norm=true attention_chunk_size=8192
  attention_bias=false
llama4_vision_model hidden_size=768 num_hidden_layers=34 num_attention_heads=16 num_channels=3 intermediate_size=5632
  vision_output_dim=7680 image_size=448 patch_size=14 projector_input_dim=4096 projector_output_dim=4096
llava vision_feature_layer=-2 multimodal_projector_bias=true tie_word_embeddings=false
  vision_config={"hidden_size":1024,"intermediate_size":4096,"projection_dim":768,"num_hidden_layers":24,"num_attention_heads":16,"image_size":336,"patch_size":14,"model_type":"clip_vision_model"}
  text_config={"model_type":"llama"}
llava_next vision_feature_layer=-2 multimodal_projector_bias=true tie_word_embeddings=false
  text_config={"model_type":"llama"}
  vision_config={"hidden_size":1024,"intermediate_size":4096,"projection_dim":768,"num_hidden_layers":24,"num_attention_heads":16,"image_size":336,"patch_size":14,"model_type":"clip_vision_model"}
llava_next_video vision_feature_layer=-2 multimodal_projector_bias=true tie_word_embeddings=false
  vision_config={"hidden_size":1024,"intermediate_size":4096,"projection_dim":768,"num_hidden_layers":24,"num_attention_heads":16,"image_size":336,"patch_size":14,"model_type":"clip_vision_model"}
  text_config={"model_type":"llama"}
llava_onevision vision_feature_layer=-1 multimodal_projector_bias=true tie_word_embeddings=false
  vision_config={"hidden_size":1152,"intermediate_size":4304,"num_hidden_layers":26,"num_attention_heads":16,"image_size":384,"patch_size":14,"vision_use_head":false,"model_type":"siglip_vision_model"}
  text_config={"model_type":"qwen2"}
longcat_flash vocab_size=131072 hidden_size=6144 num_layers=28 num_attention_heads=64 max_position_embeddings=131072
  tie_word_embeddings=false attention_bias=false ffn_hidden_size=12288 q_lora_rank=1536 kv_lora_rank=512
  qk_nope_head_dim=128 qk_rope_head_dim=64 head_dim=64 v_head_dim=128 moe_topk=12 n_routed_experts=512
  zero_expert_num=256 expert_ffn_hidden_size=2048
longformer vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 tie_word_embeddings=true
longt5 vocab_size=32128 d_model=512 d_kv=64 d_ff=2048 num_layers=6 num_heads=8 relative_attention_num_buckets=32
  feed_forward_proj="relu" encoder_attention_type="local" tie_word_embeddings=true
m2m_100 vocab_size=128112 max_position_embeddings=1024 encoder_layers=12 encoder_ffn_dim=4096
  encoder_attention_heads=16 decoder_layers=12 decoder_ffn_dim=4096 d_model=1024 tie_word_embeddings=true
mamba vocab_size=50280 hidden_size=768 state_size=16 num_hidden_layers=32 expand=2 conv_kernel=4 use_bias=false
  use_conv_bias=true time_step_rank="auto" tie_word_embeddings=true
mamba2 num_heads=128 head_dim=64 vocab_size=32768 hidden_size=4096 state_size=128 num_hidden_layers=64 expand=2
  conv_kernel=4 n_groups=8 use_bias=false use_conv_bias=true time_step_rank="auto" tie_word_embeddings=false
marian vocab_size=58101 max_position_embeddings=1024 encoder_layers=12 encoder_ffn_dim=4096 encoder_attention_heads=16
  decoder_layers=12 decoder_ffn_dim=4096 d_model=1024 share_encoder_decoder_embeddings=true tie_word_embeddings=true
mbart vocab_size=50265 max_position_embeddings=1024 encoder_layers=12 encoder_ffn_dim=4096 encoder_attention_heads=16
  decoder_layers=12 decoder_ffn_dim=4096 d_model=1024 tie_word_embeddings=true
metaclip_2 projection_dim=512 vision_config={"model_type":"metaclip_2_vision_model"}
  text_config={"model_type":"metaclip_2_text_model"}
metaclip_2_text_model vocab_size=49408 hidden_size=512 intermediate_size=2048 projection_dim=512 num_hidden_layers=12
  num_attention_heads=8 max_position_embeddings=77
metaclip_2_vision_model hidden_size=768 intermediate_size=3072 projection_dim=512 num_hidden_layers=12
  num_attention_heads=12 num_channels=3 image_size=224 patch_size=32
mimo_v2_flash vocab_size=152576 hidden_size=4096 intermediate_size=16384 num_hidden_layers=48 num_attention_heads=64
  num_key_value_heads=4 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=false
  moe_intermediate_size=2048 num_experts_per_tok=8 n_routed_experts=256 head_dim=192 v_head_dim=128 sliding_window=129
minicpm3 vocab_size=73448 hidden_size=2560 intermediate_size=6400 num_hidden_layers=62 num_attention_heads=40
  num_key_value_heads=40 max_position_embeddings=32768 tie_word_embeddings=true attention_bias=false mlp_bias=false
  kv_lora_rank=256 q_lora_rank=768 qk_nope_head_dim=64 qk_rope_head_dim=32
minimax vocab_size=32000 hidden_size=4096 intermediate_size=14336 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false num_experts_per_tok=2
  num_local_experts=8
minimax_m2 vocab_size=200064 hidden_size=3072 intermediate_size=1536 num_hidden_layers=62 num_attention_heads=48
  num_key_value_heads=8 head_dim=128 max_position_embeddings=196608 tie_word_embeddings=false num_experts_per_tok=8
  num_local_experts=256
ministral vocab_size=32000 hidden_size=4096 intermediate_size=14336 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false sliding_window=4096
ministral3 vocab_size=131072 hidden_size=4096 intermediate_size=14336 num_hidden_layers=34 num_attention_heads=32
  num_key_value_heads=8 head_dim=128 max_position_embeddings=262144 tie_word_embeddings=false
mistral vocab_size=32000 hidden_size=4096 intermediate_size=14336 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false sliding_window=4096
mistral3 vision_feature_layer=-1 multimodal_projector_bias=false spatial_merge_size=2 tie_word_embeddings=true
  text_config={"head_dim":128,"vocab_size":131072,"hidden_size":5120,"intermediate_size":32768,"num_hidden_layers":40,"model_type":"mistral"}
  vision_config={"image_size":1540,"patch_size":14,"model_type":"pixtral"}
mistral4 vocab_size=131072 hidden_size=4096 intermediate_size=12288 moe_intermediate_size=2048 num_hidden_layers=36
  num_attention_heads=32 num_key_value_heads=32 n_shared_experts=1 n_routed_experts=128 kv_lora_rank=256
  q_lora_rank=1024 qk_rope_head_dim=64 v_head_dim=128 qk_nope_head_dim=64 num_experts_per_tok=4
  first_k_dense_replace=0 max_position_embeddings=1048576 tie_word_embeddings=false attention_bias=false
mixtral vocab_size=32000 hidden_size=4096 intermediate_size=14336 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false num_experts_per_tok=2
  num_local_experts=8
mllama text_config={"model_type":"mllama_text_model"} vision_config={"model_type":"mllama_vision_model"}
mllama_text_model vocab_size=128256 hidden_size=4096 num_hidden_layers=40 num_attention_heads=32 num_key_value_heads=8
  intermediate_size=14336 max_position_embeddings=131072 tie_word_embeddings=false
mllama_vision_model hidden_size=1280 num_hidden_layers=32 num_global_layers=8 attention_heads=16 num_channels=3
  intermediate_size=5120 vision_output_dim=7680 image_size=448 patch_size=14 max_num_tiles=4
mobilebert vocab_size=30522 hidden_size=512 num_hidden_layers=24 num_attention_heads=4 intermediate_size=512
  max_position_embeddings=512 type_vocab_size=2 embedding_size=128 trigram_input=true use_bottleneck=true
  intra_bottleneck_size=128 use_bottleneck_attention=false key_query_shared_bottleneck=true num_feedforward_networks=4
  tie_word_embeddings=true
modernbert vocab_size=50368 hidden_size=768 intermediate_size=1152 num_hidden_layers=22 num_attention_heads=12
  max_position_embeddings=8192 norm_bias=false attention_bias=false local_attention=128 mlp_bias=false
  decoder_bias=true classifier_bias=false tie_word_embeddings=true
modernbert-decoder vocab_size=50368 hidden_size=768 intermediate_size=1152 num_hidden_layers=22 num_attention_heads=12
  max_position_embeddings=8192 norm_bias=false attention_bias=false mlp_bias=false decoder_bias=true
  classifier_bias=false local_attention=128 tie_word_embeddings=true
moonshine vocab_size=32768 hidden_size=288 intermediate_size=1152 encoder_num_hidden_layers=6
  decoder_num_hidden_layers=6 encoder_num_attention_heads=8 max_position_embeddings=512 attention_bias=false
  tie_word_embeddings=true
mpnet vocab_size=30527 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 relative_attention_num_buckets=32 tie_word_embeddings=true
mpt d_model=2048 n_heads=16 n_layers=24 expansion_ratio=4 max_seq_len=2048 vocab_size=50368
  norm_type="low_precision_layernorm" tie_word_embeddings=true attn_config={"model_type":""}
mt5 vocab_size=250112 d_model=512 d_kv=64 d_ff=1024 num_layers=8 num_heads=6 relative_attention_num_buckets=32
  feed_forward_proj="gated-gelu" tie_word_embeddings=true
nanochat vocab_size=50304 hidden_size=768 intermediate_size=8192 num_hidden_layers=12 num_attention_heads=6
  max_position_embeddings=2048 attention_bias=false tie_word_embeddings=false
nemotron vocab_size=256000 hidden_size=6144 intermediate_size=24576 num_hidden_layers=32 num_attention_heads=48
  max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false mlp_bias=false
nemotron_h vocab_size=131072 hidden_size=4096 tie_word_embeddings=false num_attention_heads=32 num_key_value_heads=8
  head_dim=128 max_position_embeddings=4096 attention_bias=false intermediate_size=21504 mlp_bias=false
  ssm_state_size=128 mamba_num_heads=128 mamba_head_dim=64 n_groups=8 conv_kernel=4 expand=2 use_conv_bias=true
  mamba_proj_bias=false n_routed_experts=8 n_shared_experts=1 moe_intermediate_size=7688
  moe_shared_expert_intermediate_size=7688 num_experts_per_tok=2 num_nextn_predict_layers=0 use_bias=false
nllb-moe vocab_size=128112 max_position_embeddings=1024 encoder_layers=12 encoder_ffn_dim=4096
  encoder_attention_heads=16 decoder_layers=12 decoder_ffn_dim=4096 d_model=1024 router_bias=false num_experts=128
  decoder_sparse_step=4 tie_word_embeddings=true
nomic_bert vocab_size=30528 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=2048 type_vocab_size=2
olmo vocab_size=50304 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false
olmo2 vocab_size=50304 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false
olmo3 vocab_size=50304 hidden_size=4096 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false attention_bias=false sliding_window=4096
olmo_hybrid vocab_size=100352 hidden_size=3840 intermediate_size=11008 num_hidden_layers=32 num_attention_heads=30
  max_position_embeddings=65536 tie_word_embeddings=false attention_bias=false linear_conv_kernel_dim=4
olmoe vocab_size=50304 hidden_size=2048 intermediate_size=2048 num_hidden_layers=16 num_attention_heads=16
  max_position_embeddings=4096 tie_word_embeddings=false attention_bias=false num_experts_per_tok=8 num_experts=64
opt vocab_size=50272 hidden_size=768 num_hidden_layers=12 ffn_dim=3072 max_position_embeddings=2048
  do_layer_norm_before=true _remove_final_layer_norm=false num_attention_heads=12 enable_bias=true
  layer_norm_elementwise_affine=true tie_word_embeddings=true
ovis2 vocab_size=151643 hidden_size=1536 tie_word_embeddings=true text_config={"model_type":"qwen2"}
  vision_config={"model_type":"ovis2_vision"}
ovis2_vision hidden_size=1024 intermediate_size=2816 num_hidden_layers=24 num_attention_heads=8 num_channels=3
  image_size=224 patch_size=14 qkv_bias=false mlp_bias=false vocab_size=16384 hidden_stride=1
  num_visual_indicator_tokens=5
owlv2 projection_dim=512 text_config={"model_type":"owlv2_text_model"}
  vision_config={"model_type":"owlv2_vision_model"}
owlv2_text_model vocab_size=49408 hidden_size=512 intermediate_size=2048 num_hidden_layers=12 num_attention_heads=8
  max_position_embeddings=16
owlv2_vision_model hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12 num_channels=3
  image_size=768 patch_size=16
owlvit projection_dim=512 text_config={"model_type":"owlvit_text_model"}
  vision_config={"model_type":"owlvit_vision_model"}
owlvit_text_model vocab_size=49408 hidden_size=512 intermediate_size=2048 num_hidden_layers=12 num_attention_heads=8
  max_position_embeddings=16
owlvit_vision_model hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12 num_channels=3
  image_size=768 patch_size=32
paligemma vocab_size=257152 projection_dim=2048 hidden_size=2048 tie_word_embeddings=true
  vision_config={"hidden_size":1152,"intermediate_size":4096,"num_hidden_layers":27,"num_attention_heads":16,"patch_size":14,"vision_use_head":false,"model_type":"siglip_vision_model"}
  text_config={"vocab_size":257152,"hidden_size":2048,"intermediate_size":16384,"num_hidden_layers":18,"num_attention_heads":8,"num_key_value_heads":1,"model_type":"gemma"}
parakeet_ctc vocab_size=1025 encoder_config={"model_type":"parakeet_encoder"}
parakeet_encoder hidden_size=1024 num_hidden_layers=24 num_attention_heads=8 intermediate_size=4096
  attention_bias=true convolution_bias=true conv_kernel_size=9 subsampling_factor=8 subsampling_conv_channels=256
  num_mel_bins=80 subsampling_conv_kernel_size=3 subsampling_conv_stride=2 max_position_embeddings=5000
patchtst context_length=32 patch_length=1 patch_stride=1 num_hidden_layers=3 d_model=128 num_attention_heads=4
  share_embedding=true channel_attention=false ffn_dim=512 norm_type="batchnorm" bias=true use_cls_token=false
pegasus vocab_size=50265 max_position_embeddings=1024 encoder_layers=12 encoder_ffn_dim=4096
  encoder_attention_heads=16 decoder_layers=12 decoder_ffn_dim=4096 d_model=1024 tie_word_embeddings=true
persimmon vocab_size=262144 hidden_size=4096 intermediate_size=16384 num_hidden_layers=36 num_attention_heads=64
  max_position_embeddings=16384 tie_word_embeddings=false qk_layernorm=true
phi vocab_size=51200 hidden_size=2048 intermediate_size=8192 num_hidden_layers=24 num_attention_heads=32
  max_position_embeddings=2048 tie_word_embeddings=false qk_layernorm=false
phi3 vocab_size=32064 hidden_size=3072 intermediate_size=8192 num_hidden_layers=32 num_attention_heads=32
  max_position_embeddings=4096 tie_word_embeddings=false
phi4_multimodal vocab_size=200064 hidden_size=3072 intermediate_size=8192 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false
  audio_config={"model_type":"phi4_multimodal_audio"} vision_config={"model_type":"phi4_multimodal_vision"}
phi4_multimodal_audio hidden_size=1024 intermediate_size=1536 num_blocks=24 num_attention_heads=16
  ext_pw_out_channel=1024 depthwise_separable_out_channel=1024 depthwise_multiplier=1 kernel_size=3 input_size=80
  time_reduction=8 bias_max_distance=1000 bias_symmetric=false nemo_conv_channels=1024
phi4_multimodal_vision hidden_size=1152 intermediate_size=4304 num_hidden_layers=27 num_attention_heads=16
  num_channels=3 image_size=448 patch_size=14
phimoe vocab_size=32064 hidden_size=4096 intermediate_size=6400 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=8 max_position_embeddings=131072 tie_word_embeddings=false num_experts_per_tok=2
  num_local_experts=16 attention_bias=false lm_head_bias=false
pixtral hidden_size=1024 intermediate_size=4096 num_hidden_layers=24 num_attention_heads=16 num_channels=3
  image_size=1024 patch_size=16
prophetnet vocab_size=30522 hidden_size=1024 encoder_ffn_dim=4096 num_encoder_layers=12 decoder_ffn_dim=4096
  num_decoder_layers=12 num_decoder_attention_heads=16 max_position_embeddings=512 add_cross_attention=true ngram=2
  num_buckets=32 tie_word_embeddings=true
qwen2 vocab_size=151936 hidden_size=4096 intermediate_size=22016 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=32 max_position_embeddings=32768 tie_word_embeddings=false use_sliding_window=false
  sliding_window=4096 max_window_layers=28
qwen2_5_vl tie_word_embeddings=false vision_config={"model_type":"qwen2_5_vl_vision"}
  text_config={"model_type":"qwen2_5_vl_text"}
qwen2_5_vl_text vocab_size=152064 hidden_size=8192 intermediate_size=29568 num_hidden_layers=80 num_attention_heads=64
  num_key_value_heads=8 max_position_embeddings=32768 use_sliding_window=false sliding_window=4096
  max_window_layers=80
qwen2_5_vl_vision depth=32 hidden_size=3584 intermediate_size=3420 num_heads=16 in_channels=3 patch_size=14
  spatial_merge_size=2 temporal_patch_size=2 window_size=112 out_hidden_size=3584
qwen2_audio text_config={"model_type":"qwen2"} audio_config={"model_type":"qwen2_audio_encoder"}
qwen2_audio_encoder num_mel_bins=128 encoder_layers=32 encoder_attention_heads=20 encoder_ffn_dim=5120 d_model=1280
  max_source_positions=1500
qwen2_moe vocab_size=151936 hidden_size=2048 intermediate_size=5632 num_hidden_layers=24 num_attention_heads=16
  num_key_value_heads=16 max_position_embeddings=32768 tie_word_embeddings=false use_sliding_window=false
  sliding_window=4096 max_window_layers=28 decoder_sparse_step=1 moe_intermediate_size=1408
  shared_expert_intermediate_size=5632 num_experts_per_tok=4 num_experts=60 qkv_bias=true
qwen2_vl tie_word_embeddings=false vision_config={"model_type":"qwen2_vl_vision"}
  text_config={"model_type":"qwen2_vl_text"}
qwen2_vl_text vocab_size=152064 hidden_size=8192 intermediate_size=29568 num_hidden_layers=80 num_attention_heads=64
  num_key_value_heads=8 max_position_embeddings=32768 use_sliding_window=false sliding_window=4096
  max_window_layers=80
qwen2_vl_vision depth=32 embed_dim=1280 hidden_size=3584 mlp_ratio=4 num_heads=16 in_channels=3 patch_size=14
  spatial_merge_size=2 temporal_patch_size=2
qwen3 vocab_size=151936 hidden_size=4096 intermediate_size=22016 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=32 head_dim=128 max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false
  use_sliding_window=false sliding_window=4096 max_window_layers=28
qwen3_5 tie_word_embeddings=false vision_config={"model_type":"qwen3_5_vision"}
  text_config={"model_type":"qwen3_5_text"}
qwen3_5_moe tie_word_embeddings=false vision_config={"model_type":"qwen3_5_moe_vision"}
  text_config={"model_type":"qwen3_5_moe_text"}
qwen3_5_moe_text vocab_size=248320 hidden_size=2048 num_hidden_layers=40 num_attention_heads=16 num_key_value_heads=2
  max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false head_dim=256 linear_conv_kernel_dim=4
  linear_key_head_dim=128 linear_value_head_dim=128 linear_num_key_heads=16 linear_num_value_heads=32
  moe_intermediate_size=512 shared_expert_intermediate_size=512 num_experts_per_tok=8 num_experts=256
qwen3_5_moe_vision depth=27 hidden_size=1152 intermediate_size=4304 num_heads=16 in_channels=3 patch_size=16
  spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=3584 num_position_embeddings=2304
qwen3_5_text vocab_size=248320 hidden_size=4096 intermediate_size=12288 num_hidden_layers=32 num_attention_heads=16
  num_key_value_heads=4 max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false head_dim=256
  linear_conv_kernel_dim=4 linear_key_head_dim=128 linear_value_head_dim=128 linear_num_key_heads=16
  linear_num_value_heads=32
qwen3_5_vision depth=27 hidden_size=1152 intermediate_size=4304 num_heads=16 in_channels=3 patch_size=16
  spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=3584 num_position_embeddings=2304
qwen3_asr tie_word_embeddings=true audio_config={"model_type":"qwen3_asr_encoder"}
  text_config={"hidden_size":2048,"intermediate_size":6144,"num_hidden_layers":28,"num_attention_heads":16,"num_key_value_heads":8,"max_position_embeddings":65536,"tie_word_embeddings":true,"model_type":"qwen3"}
qwen3_asr_encoder num_mel_bins=128 encoder_layers=24 encoder_attention_heads=16 encoder_ffn_dim=4096 d_model=1024
  output_dim=3584 downsample_hidden_size=480 max_position_embeddings=13
qwen3_moe vocab_size=151936 hidden_size=2048 intermediate_size=6144 num_hidden_layers=24 num_attention_heads=32
  num_key_value_heads=4 max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false
  use_sliding_window=false sliding_window=4096 decoder_sparse_step=1 moe_intermediate_size=768 num_experts_per_tok=8
  num_experts=128
qwen3_next vocab_size=151936 hidden_size=2048 intermediate_size=5632 num_hidden_layers=48 num_attention_heads=16
  num_key_value_heads=2 max_position_embeddings=32768 tie_word_embeddings=false attention_bias=false head_dim=256
  linear_conv_kernel_dim=4 linear_key_head_dim=128 linear_value_head_dim=128 linear_num_key_heads=16
  linear_num_value_heads=32 decoder_sparse_step=1 moe_intermediate_size=512 shared_expert_intermediate_size=512
  num_experts_per_tok=10 num_experts=512
qwen3_omni_moe_audio_encoder num_mel_bins=128 encoder_layers=32 encoder_attention_heads=20 encoder_ffn_dim=5120
  d_model=1280 max_source_positions=1500 output_dim=3584 downsample_hidden_size=480
qwen3_omni_moe_text vocab_size=3584 hidden_size=2048 intermediate_size=18944 num_hidden_layers=28
  num_attention_heads=28 num_key_value_heads=4 max_position_embeddings=32768 attention_bias=false
  decoder_sparse_step=1 moe_intermediate_size=768 num_experts_per_tok=8 num_experts=128
qwen3_omni_moe_thinker tie_word_embeddings=false text_config={"model_type":"qwen3_omni_moe_text"}
  vision_config={"deepstack_visual_indexes":[8,16,24],"model_type":"qwen3_omni_moe_vision_encoder"}
  audio_config={"model_type":"qwen3_omni_moe_audio_encoder"}
qwen3_omni_moe_vision_encoder depth=27 hidden_size=1152 intermediate_size=4304 num_heads=16 in_channels=3
  patch_size=16 spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=3584 num_position_embeddings=2304
  deepstack_visual_indexes=[8,16,24]
qwen3_vl tie_word_embeddings=false vision_config={"deepstack_visual_indexes":[8,16,24],"model_type":"qwen3_vl_vision"}
  text_config={"model_type":"qwen3_vl_text"}
qwen3_vl_moe tie_word_embeddings=false
  vision_config={"deepstack_visual_indexes":[8,16,24],"model_type":"qwen3_vl_moe_vision"}
  text_config={"model_type":"qwen3_vl_moe_text"}
qwen3_vl_moe_text vocab_size=151936 hidden_size=2048 intermediate_size=5632 num_hidden_layers=24
  num_attention_heads=16 num_key_value_heads=16 max_position_embeddings=128000 tie_word_embeddings=true
  attention_bias=false decoder_sparse_step=1 moe_intermediate_size=1408 num_experts_per_tok=4 num_experts=60
qwen3_vl_moe_vision depth=27 hidden_size=1152 intermediate_size=4304 num_heads=16 in_channels=3 patch_size=16
  spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=3584 num_position_embeddings=2304
  deepstack_visual_indexes=[8,16,24]
qwen3_vl_text vocab_size=151936 hidden_size=4096 intermediate_size=22016 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=32 head_dim=128 max_position_embeddings=128000 attention_bias=false
qwen3_vl_vision depth=27 hidden_size=1152 intermediate_size=4304 num_heads=16 in_channels=3 patch_size=16
  spatial_merge_size=2 temporal_patch_size=2 out_hidden_size=3584 num_position_embeddings=2304
  deepstack_visual_indexes=[8,16,24]
recurrent_gemma num_hidden_layers=26 vocab_size=256000 hidden_size=2560 intermediate_size=7680 num_attention_heads=10
  attention_window_size=2048 conv1d_width=4 block_types=["recurrent","recurrent","attention"] attention_bias=false
  tie_word_embeddings=true
reformer attention_head_size=64 attn_layers=["local","lsh","local","lsh","local","lsh"] axial_pos_embds=true
  axial_pos_shape=[64,64] axial_pos_embds_dim=[64,192] feed_forward_size=512 hidden_size=256
  max_position_embeddings=4096 num_attention_heads=12 vocab_size=320 tie_word_embeddings=false
regnet num_channels=3 embedding_size=32 hidden_sizes=[128,192,512,1088] depths=[2,6,12,2] groups_width=64
  layer_type="y" downsample_in_first_stage=true
rembert vocab_size=250300 hidden_size=1152 num_hidden_layers=32 num_attention_heads=18 input_embedding_size=256
  output_embedding_size=1664 intermediate_size=4608 max_position_embeddings=512 type_vocab_size=2
  add_cross_attention=false tie_word_embeddings=false
resnet num_channels=3 embedding_size=64 hidden_sizes=[256,512,1024,2048] depths=[3,4,6,3] layer_type="bottleneck"
  downsample_in_first_stage=false
roberta vocab_size=50265 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 add_cross_attention=false tie_word_embeddings=true
roformer vocab_size=50000 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=1536 type_vocab_size=2 add_cross_attention=false tie_word_embeddings=true
rwkv vocab_size=50277 context_length=1024 hidden_size=4096 num_hidden_layers=32 tie_word_embeddings=false
sarvam_mla vocab_size=262144 hidden_size=4096 intermediate_size=16384 moe_intermediate_size=2048 num_hidden_layers=32
  num_attention_heads=64 n_shared_experts=1 n_routed_experts=128 kv_lora_rank=512 qk_rope_head_dim=64 v_head_dim=128
  qk_nope_head_dim=128 num_experts_per_tok=8 first_k_dense_replace=1 max_position_embeddings=4096
  tie_word_embeddings=false attention_bias=false num_mtp_layers=0
sarvam_moe vocab_size=262144 hidden_size=4096 intermediate_size=8192 num_hidden_layers=19 num_attention_heads=64
  num_key_value_heads=4 max_position_embeddings=131072 tie_word_embeddings=false attention_bias=false
  moe_intermediate_size=1024 num_experts_per_tok=6 n_shared_experts=1 n_routed_experts=128 first_k_dense_replace=1
  use_qk_norm=true num_mtp_layers=0 head_dim=64
seed_oss vocab_size=155136 hidden_size=4096 intermediate_size=27648 num_hidden_layers=64 num_attention_heads=80
  num_key_value_heads=8 max_position_embeddings=524288 tie_word_embeddings=false attention_bias=true
  attention_out_bias=false mlp_bias=false head_dim=128
segformer num_channels=3 num_encoder_blocks=4 depths=[2,2,2,2] sr_ratios=[8,4,2,1] hidden_sizes=[32,64,160,256]
  patch_sizes=[7,3,3,3] num_attention_heads=[1,2,5,8] mlp_ratios=[4,4,4,4] decoder_hidden_size=256
siglip vision_config={"model_type":"siglip_vision_model"} text_config={"model_type":"siglip_text_model"}
siglip2 vision_config={"model_type":"siglip2_vision_model"} text_config={"model_type":"siglip2_text_model"}
siglip2_text_model vocab_size=32000 hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12
  max_position_embeddings=64
siglip2_vision_model hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12 num_channels=3
  patch_size=16 vision_use_head=true num_patches=256
siglip_text_model vocab_size=32000 hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12
  max_position_embeddings=64
siglip_vision_model hidden_size=768 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=12 num_channels=3
  image_size=224 patch_size=16 vision_use_head=true
smollm3 vocab_size=128256 hidden_size=2048 intermediate_size=11008 num_hidden_layers=36 num_attention_heads=16
  num_key_value_heads=4 max_position_embeddings=32768 use_sliding_window=false attention_bias=false mlp_bias=false
  tie_word_embeddings=true
smolvlm tie_word_embeddings=false scale_factor=2 text_config={"model_type":"llama"}
  vision_config={"model_type":"smolvlm_vision"}
smolvlm_vision hidden_size=1152 intermediate_size=3072 num_hidden_layers=12 num_attention_heads=16 num_channels=3
  image_size=224 patch_size=32
solar_open vocab_size=196608 hidden_size=4096 num_hidden_layers=48 num_attention_heads=64 num_key_value_heads=8
  max_position_embeddings=131072 tie_word_embeddings=false attention_bias=false moe_intermediate_size=1280
  num_experts_per_tok=8 n_shared_experts=1 n_routed_experts=128 head_dim=128
speecht5 vocab_size=81 hidden_size=768 encoder_layers=12 encoder_attention_heads=12 encoder_ffn_dim=3072
  decoder_layers=6 decoder_ffn_dim=3072 feat_extract_norm="group" conv_dim=[512,512,512,512,512,512,512]
  conv_kernel=[10,3,3,3,3,2,2] conv_bias=false num_conv_pos_embeddings=128 num_conv_pos_embedding_groups=16
  num_mel_bins=80 encoder_max_relative_position=160 tie_word_embeddings=true
squeezebert vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 embedding_size=768 q_groups=4 k_groups=4 v_groups=4
  post_attention_groups=1 intermediate_groups=4 output_groups=4 tie_word_embeddings=true
stablelm vocab_size=50304 intermediate_size=6912 hidden_size=2560 num_hidden_layers=32 num_attention_heads=32
  num_key_value_heads=32 max_position_embeddings=4096 tie_word_embeddings=false use_qkv_bias=false qk_layernorm=false
  use_parallel_residual=false
starcoder2 vocab_size=49152 hidden_size=3072 intermediate_size=12288 num_hidden_layers=30 num_attention_heads=24
  num_key_value_heads=2 max_position_embeddings=4096 use_bias=true tie_word_embeddings=true
swin image_size=224 patch_size=4 num_channels=3 embed_dim=96 depths=[2,2,6,2] num_heads=[3,6,12,24] window_size=7
  mlp_ratio=4.0 qkv_bias=true use_absolute_embeddings=false
swinv2 image_size=224 patch_size=4 num_channels=3 embed_dim=96 depths=[2,2,6,2] num_heads=[3,6,12,24] window_size=7
  mlp_ratio=4.0 qkv_bias=true use_absolute_embeddings=false
switch_transformers vocab_size=32128 d_model=768 d_kv=64 d_ff=2048 num_layers=12 num_decoder_layers=12 num_heads=12
  num_experts=8 router_bias=false relative_attention_num_buckets=32 tie_word_embeddings=true add_cross_attention=false
t5 vocab_size=32128 d_model=512 d_kv=64 d_ff=2048 num_layers=6 num_heads=8 relative_attention_num_buckets=32
  feed_forward_proj="relu"
t5_gemma_module vocab_size=256000 hidden_size=2304 intermediate_size=9216 num_hidden_layers=26 num_attention_heads=8
  num_key_value_heads=4 head_dim=256 max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false
  sliding_window=4096
t5gemma tie_word_embeddings=true vocab_size=256000 encoder={"model_type":"t5_gemma_module"}
  decoder={"model_type":"t5_gemma_module"}
umt5 vocab_size=250112 d_model=512 d_kv=64 d_ff=1024 num_layers=8 num_heads=6 relative_attention_num_buckets=32
  feed_forward_proj="gated-gelu"
vaultgemma vocab_size=256000 hidden_size=2304 intermediate_size=9216 num_hidden_layers=26 num_attention_heads=8
  num_key_value_heads=4 head_dim=256 max_position_embeddings=8192 tie_word_embeddings=true attention_bias=false
  sliding_window=4096
videomae image_size=224 patch_size=16 num_channels=3 tubelet_size=2 hidden_size=768 num_hidden_layers=12
  num_attention_heads=12 intermediate_size=3072 qv_bias=true use_mean_pooling=true decoder_hidden_size=384
  decoder_num_hidden_layers=4
vilt vocab_size=30522 type_vocab_size=2 modality_type_vocab_size=2 max_position_embeddings=40 hidden_size=768
  num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=384 patch_size=32 num_channels=3
  qkv_bias=true tie_word_embeddings=true
vit hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=224 patch_size=16
  num_channels=3 qkv_bias=true
vit_mae hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=224
  patch_size=16 num_channels=3 qkv_bias=true decoder_hidden_size=512 decoder_num_hidden_layers=8
vjepa2 patch_size=16 tubelet_size=2 hidden_size=1024 in_chans=3 num_attention_heads=16 num_hidden_layers=24
  mlp_ratio=4.0 qkv_bias=true pred_hidden_size=384 pred_num_hidden_layers=12 pred_num_mask_tokens=10
  pred_mlp_ratio=4.0
voxtral
  text_config={"num_key_value_heads":8,"head_dim":128,"vocab_size":131072,"hidden_size":3072,"intermediate_size":8192,"num_hidden_layers":30,"max_position_embeddings":131072,"model_type":"llama"}
  audio_config={"model_type":"voxtral_encoder"}
voxtral_encoder vocab_size=51866 hidden_size=1280 intermediate_size=5120 num_hidden_layers=32 num_attention_heads=20
  num_mel_bins=128 max_source_positions=1500
wav2vec2 vocab_size=32 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  feat_extract_norm="group" conv_dim=[512,512,512,512,512,512,512] conv_kernel=[10,3,3,3,3,2,2] conv_bias=false
  num_conv_pos_embeddings=128 num_conv_pos_embedding_groups=16 use_weighted_layer_sum=false classifier_proj_size=256
  add_adapter=false adapter_kernel_size=3 num_adapter_layers=3
wav2vec2-bert hidden_size=1024 num_hidden_layers=24 num_attention_heads=16 intermediate_size=4096
  feature_projection_input_dim=160 use_weighted_layer_sum=false classifier_proj_size=768 add_adapter=false
  adapter_kernel_size=3 num_adapter_layers=1 position_embeddings_type="relative_key" max_source_positions=5000
  left_max_position_embeddings=64 right_max_position_embeddings=8 conv_depthwise_kernel_size=31
wavlm vocab_size=32 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  feat_extract_norm="group" conv_dim=[512,512,512,512,512,512,512] conv_kernel=[10,3,3,3,3,2,2] conv_bias=false
  num_conv_pos_embeddings=128 num_conv_pos_embedding_groups=16 num_buckets=320 use_weighted_layer_sum=false
  classifier_proj_size=256 add_adapter=false adapter_kernel_size=3 num_adapter_layers=3
whisper vocab_size=51865 num_mel_bins=80 encoder_layers=4 encoder_attention_heads=6 decoder_layers=4
  decoder_ffn_dim=1536 encoder_ffn_dim=1536 d_model=384 max_source_positions=1500 max_target_positions=448
  use_weighted_layer_sum=false classifier_proj_size=256 tie_word_embeddings=true
xglm vocab_size=256008 max_position_embeddings=2048 d_model=1024 ffn_dim=4096 num_layers=24 attention_heads=16
  add_cross_attention=false tie_word_embeddings=true
xlm-roberta vocab_size=30522 hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072
  max_position_embeddings=512 type_vocab_size=2 add_cross_attention=false tie_word_embeddings=true
xlnet vocab_size=32000 d_model=1024 n_layer=24 n_head=16 d_inner=4096 tie_word_embeddings=true
xlstm vocab_size=50304 hidden_size=4096 num_hidden_layers=32 num_heads=8 use_bias=false tie_word_embeddings=false
  add_out_norm=true qk_dim_factor=0.5 v_dim_factor=1.0 ffn_proj_factor=2.667 ffn_round_up_to_multiple_of=64
yolos hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 image_size=[512,864]
  patch_size=16 num_channels=3 qkv_bias=true num_detection_tokens=100 use_mid_position_embeddings=true
youtu vocab_size=128256 hidden_size=2048 intermediate_size=6144 num_hidden_layers=32 num_attention_heads=16
  num_key_value_heads=16 kv_lora_rank=512 q_lora_rank=1536 qk_rope_head_dim=64 v_head_dim=128 qk_nope_head_dim=128
  max_position_embeddings=131072 tie_word_embeddings=true attention_bias=false
zamba vocab_size=32000 tie_word_embeddings=true hidden_size=3712 intermediate_size=14848 num_hidden_layers=76
  num_attention_heads=16 num_key_value_heads=16 n_mamba_heads=2 max_position_embeddings=4096 attn_layer_period=6
  attn_layer_offset=4 mamba_d_state=16 mamba_d_conv=4 mamba_expand=2 mamba_dt_rank="auto" mamba_conv_bias=true
  mamba_proj_bias=false
zamba2 vocab_size=32000 max_position_embeddings=4096 hidden_size=2560 num_hidden_layers=54 mamba_d_state=64
  mamba_d_conv=4 mamba_expand=2 mamba_ngroups=1 n_mamba_heads=8 use_conv_bias=true add_bias_linear=false
  num_attention_heads=32 num_mem_blocks=1 use_shared_attention_adapter=false adapter_rank=128 tie_word_embeddings=true
zaya vocab_size=262272 hidden_size=2048 num_hidden_layers=40 num_attention_heads=8 num_key_value_heads=2
  max_position_embeddings=131072 tie_word_embeddings=true moe_intermediate_size=2048 num_experts_per_tok=1
  num_experts=16 head_dim=128 attention_bias=false lm_head_bias=false router_hidden_size=256 cca_time0=2 cca_time1=2
AuraFlowTransformer2DModel sample_size=64 patch_size=2 in_channels=4 num_mmdit_layers=4 num_single_dit_layers=32
  attention_head_dim=256 num_attention_heads=12 joint_attention_dim=2048 caption_projection_dim=3072 out_channels=4
  pos_embed_max_size=1024
AutoencoderKL in_channels=3 out_channels=3 down_block_types=["DownEncoderBlock2D"] up_block_types=["UpDecoderBlock2D"]
  block_out_channels=[64] layers_per_block=1 latent_channels=4 sample_size=32 use_quant_conv=true
  use_post_quant_conv=true mid_block_add_attention=true
ChromaTransformer2DModel patch_size=1 in_channels=64 num_layers=19 num_single_layers=38 attention_head_dim=128
  num_attention_heads=24 joint_attention_dim=4096 approximator_num_channels=64 approximator_hidden_dim=5120
  approximator_layers=5
CogVideoXTransformer3DModel num_attention_heads=30 attention_head_dim=64 in_channels=16 out_channels=16
  time_embed_dim=512 text_embed_dim=4096 num_layers=30 attention_bias=true patch_size=2
  use_learned_positional_embeddings=false patch_bias=true
ControlNetModel in_channels=4 conditioning_channels=3
  down_block_types=["CrossAttnDownBlock2D","CrossAttnDownBlock2D","CrossAttnDownBlock2D","DownBlock2D"]
  mid_block_type="UNetMidBlock2DCrossAttn" only_cross_attention=false block_out_channels=[320,640,1280,1280]
  layers_per_block=2 cross_attention_dim=1280 transformer_layers_per_block=1 attention_head_dim=8
  resnet_time_scale_shift="default" conditioning_embedding_out_channels=[16,32,96,256]
DiTTransformer2DModel num_attention_heads=16 attention_head_dim=72 in_channels=4 num_layers=28 attention_bias=true
  sample_size=32 patch_size=2 num_embeds_ada_norm=1000 norm_type="ada_norm_zero"
FluxTransformer2DModel patch_size=1 in_channels=64 num_layers=19 num_single_layers=38 attention_head_dim=128
  num_attention_heads=24 joint_attention_dim=4096 pooled_projection_dim=768 guidance_embeds=false
HunyuanVideoTransformer3DModel in_channels=16 out_channels=16 num_attention_heads=24 attention_head_dim=128
  num_layers=20 num_single_layers=40 num_refiner_layers=2 mlp_ratio=4.0 patch_size=2 patch_size_t=1 qk_norm="rms_norm"
  guidance_embeds=true text_embed_dim=4096 pooled_projection_dim=768
LTXVideoTransformer3DModel in_channels=128 out_channels=128 patch_size=1 patch_size_t=1 num_attention_heads=32
  attention_head_dim=64 cross_attention_dim=2048 num_layers=28 qk_norm="rms_norm_across_heads" caption_channels=4096
  attention_bias=true attention_out_bias=true
Lumina2Transformer2DModel sample_size=128 patch_size=2 in_channels=16 hidden_size=2304 num_layers=26
  num_refiner_layers=2 num_attention_heads=24 num_kv_heads=8 multiple_of=256 cap_feat_dim=1024
MochiTransformer3DModel patch_size=2 num_attention_heads=24 attention_head_dim=128 num_layers=48
  pooled_projection_dim=1536 in_channels=12 qk_norm="rms_norm" text_embed_dim=4096 time_embed_dim=256
PixArtTransformer2DModel num_attention_heads=16 attention_head_dim=72 in_channels=4 out_channels=8 num_layers=28
  cross_attention_dim=1152 attention_bias=true sample_size=128 patch_size=2 num_embeds_ada_norm=1000
  norm_type="ada_norm_single" attention_type="default"
QwenImageTransformer2DModel patch_size=2 in_channels=64 out_channels=16 num_layers=60 attention_head_dim=128
  num_attention_heads=24 joint_attention_dim=3584 guidance_embeds=false use_additional_t_cond=false
SD3Transformer2DModel sample_size=128 patch_size=2 in_channels=16 num_layers=18 attention_head_dim=64
  num_attention_heads=18 joint_attention_dim=4096 caption_projection_dim=1152 pooled_projection_dim=2048
  out_channels=16 pos_embed_max_size=96 dual_attention_layers=[]
SanaTransformer2DModel in_channels=32 out_channels=32 num_attention_heads=70 attention_head_dim=32 num_layers=20
  num_cross_attention_heads=20 cross_attention_head_dim=112 cross_attention_dim=2240 caption_channels=2304
  mlp_ratio=2.5 attention_bias=false sample_size=32 patch_size=1 guidance_embeds=false
StableCascadeUNet in_channels=16 out_channels=16 timestep_ratio_embedding_dim=64 patch_size=1 conditioning_dim=2048
  block_out_channels=[2048,2048] num_attention_heads=[32,32] down_num_layers_per_block=[8,24]
  up_num_layers_per_block=[24,8] down_blocks_repeat_mappers=[1,1] up_blocks_repeat_mappers=[1,1]
  block_types_per_layer=[["SDCascadeResBlock","SDCascadeTimestepBlock","SDCascadeAttnBlock"],["SDCascadeResBlock","SDCascadeTimestepBlock","SDCascadeAttnBlock"]]
  clip_text_pooled_in_channels=1280 clip_seq=4 kernel_size=3 timestep_conditioning_type=["sca","crp"]
UNet2DConditionModel in_channels=4 out_channels=4
  down_block_types=["CrossAttnDownBlock2D","CrossAttnDownBlock2D","CrossAttnDownBlock2D","DownBlock2D"]
  mid_block_type="UNetMidBlock2DCrossAttn"
  up_block_types=["UpBlock2D","CrossAttnUpBlock2D","CrossAttnUpBlock2D","CrossAttnUpBlock2D"]
  only_cross_attention=false block_out_channels=[320,640,1280,1280] layers_per_block=2 cross_attention_dim=1280
  transformer_layers_per_block=1 attention_head_dim=8 dual_cross_attention=false resnet_time_scale_shift="default"
  time_embedding_type="positional" conv_in_kernel=3 conv_out_kernel=3 attention_type="default"
  class_embeddings_concat=false
UNet2DModel in_channels=3 out_channels=3 time_embedding_type="positional"
  down_block_types=["DownBlock2D","AttnDownBlock2D","AttnDownBlock2D","AttnDownBlock2D"]
  mid_block_type="UNetMidBlock2D" up_block_types=["AttnUpBlock2D","AttnUpBlock2D","AttnUpBlock2D","UpBlock2D"]
  block_out_channels=[224,448,672,896] layers_per_block=2 attention_head_dim=8 resnet_time_scale_shift="default"
  add_attention=true
UNetSpatioTemporalConditionModel in_channels=8 out_channels=4
  down_block_types=["CrossAttnDownBlockSpatioTemporal","CrossAttnDownBlockSpatioTemporal","CrossAttnDownBlockSpatioTemporal","DownBlockSpatioTemporal"]
  up_block_types=["UpBlockSpatioTemporal","CrossAttnUpBlockSpatioTemporal","CrossAttnUpBlockSpatioTemporal","CrossAttnUpBlockSpatioTemporal"]
  block_out_channels=[320,640,1280,1280] projection_class_embeddings_input_dim=768 layers_per_block=2
  cross_attention_dim=1024 transformer_layers_per_block=1 num_attention_heads=[5,10,20,20]
WanTransformer3DModel patch_size=[1,2,2] num_attention_heads=40 attention_head_dim=128 in_channels=16 out_channels=16
  text_dim=4096 freq_dim=256 ffn_dim=13824 num_layers=40 cross_attn_norm=true qk_norm="rms_norm_across_heads"
ZImageTransformer2DModel all_patch_size=[2] all_f_patch_size=[1] in_channels=16 dim=3840 n_layers=30
  n_refiner_layers=2 n_heads=30 n_kv_heads=30 qk_norm=true cap_feat_dim=2560
"""
