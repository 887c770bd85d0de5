"""A small repository that spends in every way that a scan knows: path -> text."""

from collections.abc import Mapping

FILES: Mapping[str, str] = {
    ".env.example": """\
ANTHROPIC_MODEL=claude-opus-4-1
PORT=8000
""",
    "docker-compose.yml": """\
services:
  llm:
    image: vllm/vllm-openai:v0.9.0
    command: ["--model", "Qwen/Qwen2.5-72B-Instruct", "--tensor-parallel-size", "4", "--max-model-len", "32768"]
""",
    "package.json": """\
{"dependencies": {"ai": "5", "@ai-sdk/openai": "2"}}
""",
    "requirements.txt": """\
openai==1.99
mistralai>=1
""",
    "train.sbatch": """\
#!/bin/bash
#SBATCH --nodes=2
#SBATCH --gres=gpu:a100:4
srun python src/train.py
""",
    "configs/litellm.yaml": """\
model_list:
  - model_name: fast
    litellm_params:
      model: groq/llama-3.3-70b-versatile
      max_tokens: 300
  - model_name: deep
    litellm_params: {model: bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0}
""",
    "configs/qlora.yml": """\
base_model: meta-llama/Llama-3.1-8B-Instruct
load_in_4bit: true
adapter: qlora
lora_r: 32
sequence_len: 4096
sample_packing: true
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 3
optimizer: paged_adamw_8bit
bf16: auto
gradient_checkpointing: true
datasets:
  - path: mhenrichsen/alpaca_2k_test
    type: alpaca
""",
    "configs/tune.yaml": """\
model:
  _component_: torchtune.models.llama3_1.lora_llama3_1_8b
  lora_rank: 8
tokenizer:
  max_seq_len: 8192
batch_size: 2
epochs: 1
dtype: bf16
optimizer:
  _component_: torch.optim.AdamW
gradient_accumulation_steps: 8
""",
    "src/app.py": """\
import os
import openai
from anthropic import Anthropic
MODEL = os.getenv("OPENAI_MODEL", "gpt-4o-mini")
client = openai.OpenAI()
def answer(q):
    return client.chat.completions.create(model=MODEL, messages=[{"role":"user","content":q}], max_tokens=512)
def embed(t):
    return client.embeddings.create(model="text-embedding-3-small", input=t)
def deep(q):
    return Anthropic().messages.create(model="claude-sonnet-4-5", max_tokens=2_048, messages=[])
def nightly():
    client.batches.create(input_file_id="f", endpoint="/v1/chat/completions", completion_window="24h")
def odd():
    return client.chat.completions.create(model="gpt-99-ultra-7", messages=[])
""",
    "src/train.py": """\
from transformers import AutoModelForCausalLM
from trl import GRPOConfig, GRPOTrainer, SFTConfig
from peft import LoraConfig
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
args = SFTConfig(
    per_device_train_batch_size=4, gradient_accumulation_steps=2, max_steps=1000, max_length=2048,
    bf16=True, gradient_checkpointing=True,
)
peft = LoraConfig(r=16, target_modules=["q_proj", "v_proj"])
""",
    "web/chat.ts": """\
import { generateText } from 'ai'
import { openai } from '@ai-sdk/openai'
import { anthropic } from "@ai-sdk/anthropic"
const r = await generateText({ model: openai('gpt-4.1-mini'), prompt, maxOutputTokens: 800 })
const s = await generateText({ model: anthropic("claude-3-5-haiku-20241022"), prompt })
const cfg = { model: "gpt-4.1", max_tokens: 100 }
""",
}
